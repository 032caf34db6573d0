using System.Text.Json;
using Npgsql;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// One kind of record: all that is particular to it. A class of it in a folder of its own, with the contract of its body in Contracts/Records, is a
/// new kind: nothing else lists them, see <see cref="RecordKinds"/>.
/// </summary>
internal interface IRecordKind
{
    /// <summary>Name on the wire.</summary>
    string Name { get; }

    /// <summary>How its numbers begin, such as "SO-"; null when the server gives it none.</summary>
    string? Series { get; }

    /// <summary>The contract of its body, in the newest schema.</summary>
    Type Body { get; }

    /// <summary>
    /// Each makes a body of the next schema: the first one of schema 2 out of schema 1, and so on. Every shape ever shipped stays readable, so
    /// nothing is ever taken out of this list; the captured bytes stay as they are.
    /// </summary>
    IReadOnlyList<Func<JsonElement, JsonElement>> Steps => [];

    /// <summary>Where it goes on to: "erp", "email", "webhook". Which connections take it is the company's choice.</summary>
    IReadOnlyList<string> GoesTo { get; }

    /// <summary>What people read for the codes that are this kind's own. {names} are parameters.</summary>
    IReadOnlyDictionary<string, (string En, string De)> Sentences { get; }

    /// <summary>What must be there before the record goes on, beside what its envelope names.</summary>
    IEnumerable<Awaited> Awaits(object body);

    /// <summary>Adds what its rules need to know.</summary>
    void Want(PushedRecord record, object body, Wanted wanted);

    /// <summary>Judges a body that was read.</summary>
    void Judge(Judged judged, object body, Known known);

    /// <summary>Adds what is kept beside the rows of its records, whatever their state, in the transaction that stores them.</summary>
    void Keep(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows)
    {
    }

    /// <summary>Whether anything follows once a record of it is accepted.</summary>
    bool Posts => false;

    /// <summary>Adds what follows once records of it are accepted, with the push or by their release: the same record may come twice and follows once.</summary>
    void Post(NpgsqlBatch batch, Guid company, IReadOnlyList<AcceptedRecord> rows)
    {
    }
}

/// <summary>A record that goes on.</summary>
internal sealed record AcceptedRecord(Guid Id, Guid Rep, Guid? CustomerId, DateTimeOffset CapturedAt, object Body);

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
