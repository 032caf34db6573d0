using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;

namespace OrderSync.Gateway.Office.Search;

/// <summary>What the office looks for among records; all that is given must hold.</summary>
internal sealed record RecordFilter(
    [property: Description("Final number, or how it begins; of more than 1,000 the highest.")] string? Number,
    [property: Description("The device's own reference, or how it begins; of more than 1,000 the highest.")] string? Reference,
    [property: Description("Number a destination gave it, or how that begins; of more than 1,000 the highest.")] string? ExternalNumber,
    [property: Description("SKU of one of its lines, exactly.")] string? Sku,
    [property: Description("accepted, waiting, held, refused or stopped.")] string? State,
    [property: Description("Id of the customer.")] Guid? CustomerId,
    [property: Description("Number of the customer in the ERP, exactly.")] string? CustomerNumber,
    [property: Description("Part of the customer's name, number, code or e-mail address.")] string? Customer,
    [property: Description("Id or name of the rep.")] string? Rep,
    [property: Description("Code of the branch.")] string? Branch,
    [property: Description("Id of the device.")] Guid? Device,
    [property: Description("First document date, such as 2026-11-01.")] DateOnly? From,
    [property: Description("Last document date, such as 2026-11-30.")] DateOnly? To,
    [property: Description("Name of a connection; together with destinationState.")] string? Destination,
    [property: Description("pending, inProgress, waiting, done, attention, reconnect or stopped, at any destination or at the one named.")] string? DestinationState,
    [property: Description("Free text: how a number or reference begins, part of a customer's name, number, code or e-mail address, a number at a destination, or a SKU.")] string? Search,
    [property: Description("Records on a page: 1 to 200, 50 if not given.")] int? Limit,
    [property: Description("The value of `next` in the page before.")] string? Next)
{
    private const int MostText = 200;
    private static readonly string[] States = ["accepted", "waiting", "held", "refused", "stopped"];
    private static readonly string[] DestinationStates = ["pending", "inProgress", "waiting", "done", "attention", "reconnect", "stopped"];

    /// <summary>All that was captured for a customer.</summary>
    internal static RecordFilter OfCustomer(Guid customer) =>
        new(null, null, null, null, null, customer, null, null, null, null, null, null, null, null, null, null, null, null);

    /// <summary>The kind of record; null = all.</summary>
    internal string? Kind { get; init; }

    /// <summary>What cannot be looked for, or null.</summary>
    public IResult? WhyNot()
    {
        foreach (var (name, value) in new[] { ("number", Number), ("reference", Reference), ("externalNumber", ExternalNumber), ("sku", Sku), ("customerNumber", CustomerNumber), ("customer", Customer), ("rep", Rep), ("branch", Branch), ("destination", Destination), ("search", Search), ("kind", Kind) })
            if (value is { Length: > MostText } || value?.Contains('\0', StringComparison.Ordinal) == true)
                return Problems.Bad("search.text", $"{name} is longer than {MostText} characters or contains a NUL character. Give a shorter text.");
        if (State is not null && !States.Contains(State))
            return Problems.Bad("search.state", $"state is one of {string.Join(", ", States)}.");
        if (DestinationState is not null && !DestinationStates.Contains(DestinationState))
            return Problems.Bad("search.destinationState", $"destinationState is one of {string.Join(", ", DestinationStates)}.");
        if (From > To)
            return Problems.Bad("search.dates", "from is after to. Exchange them.");
        return Next is not null && PageEnd.Read(Next) is null ? Problems.Bad("search.next", "next is the value a page before gave, unchanged. Leave it out to begin at the newest.") : null;
    }
}

/// <summary>The last row of a page: the next one begins after it. Opaque to callers.</summary>
internal sealed record PageEnd(DateTimeOffset ReceivedAt, Guid RecordId)
{
    private const int Length = 24;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ReceivedAt.UtcTicks);
        RecordId.TryWriteBytes(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static PageEnd? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return text.Length == 32 && Base64Url.TryDecodeFromChars(text, bytes, out var read) && read == Length
            && BinaryPrimitives.ReadInt64BigEndian(bytes) is > 0 and var ticks && ticks < DateTime.MaxValue.Ticks
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..]))
            : null;
    }
}
