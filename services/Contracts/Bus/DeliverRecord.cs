namespace OrderSync.Contracts.Bus;

/// <summary>What the gateway wants of a record at a destination.</summary>
public enum DeliveryWish
{
    /// <summary>The document is to exist there as captured.</summary>
    Push,

    /// <summary>Nothing more is to be done; what is on its way is looked up first.</summary>
    Stop,

    /// <summary>The document is to be void there; one that was never written is not to be written.</summary>
    Cancel,
}

/// <summary>
/// The wanted state of one record at one destination: a level, not an event. It is sent again until the connector reports at least
/// this <see cref="Version"/>, and carries all that the connector needs.
/// </summary>
/// <param name="CompanyId">Whose record it is.</param>
/// <param name="ConnectionId">The destination.</param>
/// <param name="RecordId">The record's identity for ever, made on the device.</param>
/// <param name="Revision">Revision of the record; those of one record are pushed in order.</param>
/// <param name="Version">Rises with each change of the wish or of what it carries; a lower one than known is ignored.</param>
/// <param name="Wish">Push, stop or cancel.</param>
/// <param name="Kind">Kind of the record, such as "order" or "customer".</param>
/// <param name="Number">Final number given by the server; null for kinds without a series.</param>
/// <param name="CapturedAt">As the device said, with its offset.</param>
/// <param name="DocumentDate">Local date of the capture, corrected by the device's skew when that is over ten minutes.</param>
/// <param name="ReceivedAt">When the gateway stored it.</param>
/// <param name="Rep">Who captured it.</param>
/// <param name="Body">Body in the newest schema as JSON text.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of the record's bytes as captured.</param>
/// <param name="Customer">The record's customer as it now stands; null for kinds without one and for customers themselves.</param>
/// <param name="DependsOn">Records that must be at the destination first, beside the customer.</param>
/// <param name="TraceParent">W3C trace context of the request that stored the record.</param>
/// <param name="Epoch">The gateway's epoch: see <see cref="ReportAcknowledged.Epoch"/>.</param>
/// <param name="Branch">Code of the branch it was captured for; null where the gateway did not say.</param>
/// <param name="MayExist">What this record becomes at the destination may be there already, although the destination's ledger may not know it: one of the two databases was
/// restored from a backup. False once a person has said that it is to be written.</param>
public sealed record DeliverRecord(
    Guid CompanyId,
    Guid ConnectionId,
    Guid RecordId,
    int Revision,
    long Version,
    DeliveryWish Wish,
    string Kind,
    string? Number,
    DateTimeOffset CapturedAt,
    DateOnly DocumentDate,
    DateTimeOffset ReceivedAt,
    RepSnapshot? Rep,
    string Body,
    string Sha256,
    CustomerSnapshot? Customer,
    IReadOnlyList<Guid> DependsOn,
    string? TraceParent,
    long Epoch = 0,
    string? Branch = null,
    bool MayExist = false)
{
    /// <summary>Code under which a destination that cannot be asked holds what may be there already. Who tries that again says that it is to be written.</summary>
    public const string MayExistCode = "delivery.mayExist";
}

/// <summary>The rep as known when the message was made.</summary>
/// <param name="Id">The rep's id.</param>
/// <param name="Name">Name as shown to people.</param>
/// <param name="Email">Address for confirmations; may be missing.</param>
public sealed record RepSnapshot(Guid Id, string Name, string? Email);

/// <summary>A customer as it stands when the message is made.</summary>
/// <param name="Id">The customer's id at the gateway: the id of the captured record where it was captured.</param>
/// <param name="Revision">Revision of the captured record; 1 for a customer loaded by the office.</param>
/// <param name="ErpNumber">Number in the ERP where the office gave one.</param>
/// <param name="Body">Customer body in the newest schema as JSON text.</param>
public sealed record CustomerSnapshot(Guid Id, int Revision, string? ErpNumber, string Body);
