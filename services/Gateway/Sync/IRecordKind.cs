namespace OrderSync.Gateway.Sync;

/// <summary>One kind of record: what it needs to know and how it is judged. Pure.</summary>
internal interface IRecordKind
{
    /// <summary>Name on the wire.</summary>
    string Name { get; }

    /// <summary>How its numbers begin, such as "SO-"; null when the server gives it none.</summary>
    string? Series { get; }

    /// <summary>The contract of its body, in the newest schema.</summary>
    Type Body { get; }

    /// <summary>What must be there before the record goes on, beside what its envelope names.</summary>
    IEnumerable<Awaited> Awaits(object body);

    /// <summary>Adds what its rules need to know.</summary>
    void Want(PushedRecord record, object body, Wanted wanted);

    /// <summary>Judges a body that was read.</summary>
    void Judge(Judged judged, object body, Known known);
}

/// <summary>Something that must be there first, and what is said while it is not.</summary>
/// <param name="Id">A customer or a record.</param>
/// <param name="Field">Where it is named.</param>
/// <param name="Unknown">Code while it is not there or not accepted.</param>
/// <param name="Refused">Code while it stands refused.</param>
/// <param name="IsCustomer">Whether only a customer will do.</param>
internal readonly record struct Awaited(Guid Id, string Field, string Unknown, string Refused, bool IsCustomer = false)
{
    public static Awaited Customer(Guid id) => new(id, "customer", "customer.unknown", "customer.refused", IsCustomer: true);

    public static Awaited Record(Guid id) => new(id, "dependsOn", "record.dependencyUnknown", "record.dependencyRefused");
}
