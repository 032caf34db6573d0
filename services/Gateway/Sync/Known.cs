namespace OrderSync.Gateway.Sync;

/// <summary>What the rules need to know to judge a chunk: read in one round trip before it.</summary>
internal sealed class Known
{
    public bool DeviceGone { get; set; }

    public bool UserDisabled { get; set; }

    /// <summary>Bodies that could be read, by record.</summary>
    public Dictionary<PushedRecord, object> Bodies { get; } = [];

    public Dictionary<string, KnownItem> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Customers by gateway id.</summary>
    public HashSet<Guid> Customers { get; } = [];

    public Dictionary<string, Guid> CustomersByNumber { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Guid> CustomersByCode { get; } = new(StringComparer.Ordinal);
}

internal sealed record KnownItem(bool Active, decimal? MinimumQuantity, decimal? QuantityStep);

/// <summary>A record after its rules: what will be stored of it.</summary>
internal sealed class Judged(PushedRecord record)
{
    public PushedRecord Record { get; } = record;

    /// <summary>accepted, refused, waiting or held.</summary>
    public string State { get; set; } = "accepted";

    public Fault? Fault { get; set; }

    public string? Reference { get; set; }

    public Guid? CustomerId { get; set; }

    public string? Currency { get; set; }

    public decimal? Total { get; set; }

    public IReadOnlyList<JudgedLine> Lines { get; set; } = [];

    /// <summary>Set for a captured customer: its row in the customer collection.</summary>
    public JudgedCustomer? Customer { get; set; }

    public Judged Refuse(Fault fault)
    {
        State = "refused";
        Fault = fault;
        return this;
    }
}

internal sealed record JudgedLine(string Sku, decimal Quantity, decimal UnitPrice, decimal TaxRate, decimal Amount);

internal sealed record JudgedCustomer(string Name, string? Email, string? Code, string Body);

/// <summary>One kind of record: what it needs to know and how it is judged. Pure.</summary>
internal interface IRecordKind
{
    /// <summary>Name on the wire.</summary>
    string Name { get; }

    /// <summary>Whether the server gives it a number.</summary>
    bool Numbered { get; }

    /// <summary>Reads the body; a fault when it cannot be read.</summary>
    Fault? Read(PushedRecord record, Wanted wanted, out object? body);

    /// <summary>Judges a body that was read.</summary>
    void Judge(Judged judged, object body, Known known);
}

/// <summary>What a chunk asks to know.</summary>
internal sealed class Wanted
{
    public HashSet<string> Skus { get; } = new(StringComparer.Ordinal);

    public HashSet<Guid> Customers { get; } = [];

    public HashSet<string> CustomerNumbers { get; } = new(StringComparer.Ordinal);

    public HashSet<string> CustomerCodes { get; } = new(StringComparer.Ordinal);
}
