namespace OrderSync.Simulator.Demo;

/// <summary>The places a record passes.</summary>
internal enum Stage
{
    /// <summary>Captured: it is on the device's disk.</summary>
    Device,

    /// <summary>The gateway has answered for it.</summary>
    Gateway,

    /// <summary>Its connector has taken it from the queue.</summary>
    Queue,

    /// <summary>It stands in the ERP.</summary>
    Erp,

    /// <summary>Its confirmation was handed to the mail server.</summary>
    Mail,
}

/// <summary>One record on its way.</summary>
/// <param name="id">Its id.</param>
/// <param name="device">Who captured it.</param>
/// <param name="kind">Kind of record.</param>
/// <param name="amount">What the customer owes or paid; null where there is no sum.</param>
/// <param name="mailTo">Who gets its confirmation; null where there is none.</param>
internal sealed class Track(Guid id, string device, string kind, decimal? amount, string? mailTo)
{
    private readonly TimeSpan?[] _reached = new TimeSpan?[Enum.GetValues<Stage>().Length];

    public Guid Id => id;

    public string Device => device;

    public string Kind => kind;

    public string? MailTo => mailTo;

    /// <summary>What the customer owes or paid, as captured last.</summary>
    public decimal? Amount { get; set; } = amount;

    /// <summary>A customer's name; the final number of anything else, once it has one.</summary>
    public string? Number { get; set; }

    /// <summary>The number the ERP gave it.</summary>
    public string? ErpNumber { get; set; }

    /// <summary>Why it goes no further just now.</summary>
    public string? Trouble { get; set; }

    /// <summary>When it got there, since the demo began; null: not yet.</summary>
    public TimeSpan? Reached(Stage stage) => _reached[(int)stage];

    /// <summary>Whether it goes there at all.</summary>
    public bool Goes(Stage stage) => stage != Stage.Mail || mailTo is not null;

    /// <summary>Has been everywhere.</summary>
    public bool IsThere => Enum.GetValues<Stage>().All(stage => !Goes(stage) || Reached(stage) is not null);

    /// <summary>Notes that it is there now; false: it was before.</summary>
    public bool Reach(Stage stage, TimeSpan now)
    {
        if (_reached[(int)stage] is not null)
            return false;
        _reached[(int)stage] = now;
        return true;
    }
}
