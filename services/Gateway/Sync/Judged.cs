using OrderSync.Gateway.Policies;

namespace OrderSync.Gateway.Sync;

/// <summary>A record after its rules: what will be stored of it.</summary>
internal sealed class Judged(PushedRecord record)
{
    public PushedRecord Record { get; } = record;

    /// <summary>accepted, refused, waiting, held or stopped.</summary>
    public string State { get; private set; } = "accepted";

    /// <summary>Why it is not accepted, or what the office is told of an accepted one.</summary>
    public Fault? Fault { get; private set; }

    public string? Reference { get; set; }

    public Guid? CustomerId { get; set; }

    public string? Currency { get; set; }

    public decimal? Total { get; set; }

    public IReadOnlyList<JudgedLine> Lines { get; set; } = [];

    public IReadOnlyList<JudgedAllocation> Allocations { get; set; } = [];

    /// <summary>Set for a captured customer: its row in the customer collection.</summary>
    public JudgedCustomer? Customer { get; set; }

    /// <summary>The quote it comes from.</summary>
    public Guid? Source { get; set; }

    /// <summary>Coupons it uses.</summary>
    public IReadOnlyList<JudgedCoupon> Coupons { get; set; } = [];

    /// <summary>A customer that goes on and for whom nobody typed a code.</summary>
    public bool NeedsCode => State == "accepted" && Customer is { Code: null } && Reference is null;

    /// <summary>What the record needs first, kept while it does not go on.</summary>
    public IEnumerable<Guid> Awaits => State is "waiting" or "held" or "stopped" ? Record.Awaits.Select(awaited => awaited.Id).Distinct() : [];

    /// <summary>The person on the device must mend it.</summary>
    public Judged Refuse(Fault fault) => Set("refused", fault);

    /// <summary>The office must mend it.</summary>
    public Judged Hold(Fault fault) => Set("held", fault);

    /// <summary>It goes on by itself later.</summary>
    public Judged Wait(Fault fault) => Set("waiting", fault);

    /// <summary>What it comes from has become another record already.</summary>
    public Judged ComesTwice(Guid first, string name)
    {
        Lines = [];
        return Refuse(new Fault("order.sourceTaken", "sourceQuote", new Dictionary<string, string> { ["which"] = name, ["id"] = first.ToString() }));
    }

    /// <summary>The office had stopped it before it was lost: it stays so.</summary>
    public Judged Stop()
    {
        State = "stopped";
        Fault = null;
        return this;
    }

    /// <summary>It goes on, and the office is told.</summary>
    public Judged Flag(Fault fault) => Set("accepted", fault);

    /// <summary>What the company has chosen; the graver reason stays, of warnings the last. What has happened is held where it would be refused.</summary>
    public Judged Apply(string choice, Fault fault, bool happened = false) => (choice, State) switch
    {
        (Choice.Allow, _) or (_, "refused") => this,
        (Choice.Refuse, _) when !happened => Refuse(fault),
        (Choice.Warn, "accepted") => Flag(fault),
        (Choice.Warn, _) => this,
        (_, "held") => this,
        _ => Hold(fault),
    };

    private Judged Set(string state, Fault fault)
    {
        State = state;
        Fault = fault;
        return this;
    }
}

internal sealed record JudgedLine(string Sku, decimal Quantity, decimal UnitPrice, decimal TaxRate, decimal Amount);

/// <param name="Coupon">Its id.</param>
/// <param name="First">Nobody used it before.</param>
internal sealed record JudgedCoupon(string Coupon, bool First);

internal sealed record JudgedAllocation(Guid? Order, string? Document, decimal Amount);

internal sealed record JudgedCustomer(string Name, string? Email, string? Code, string Body);
