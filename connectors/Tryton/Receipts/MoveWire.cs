using System.Text.Json.Serialization;

namespace OrderSync.Tryton;

/// <summary>An entry in the books as Tryton shows it.</summary>
internal sealed record Move(int Id, string? Number, string? PostNumber, string State)
{
    public const string Posted = "posted";

    public string? Description { get; init; }
    public DateOnly? Date { get; init; }

    /// <summary>What it was made of, such as an invoice; null for one that was entered.</summary>
    public string? Origin { get; init; }
    [JsonPropertyName("lines.")] public IReadOnlyList<MoveLine>? Lines { get; init; }

    /// <summary>The line that says what the customer owes less.</summary>
    [JsonIgnore]
    public MoveLine? Received => Lines?.FirstOrDefault(line => line.Party is not null && line.Credit > 0);
}

/// <summary>A line of an entry.</summary>
internal sealed record MoveLine(int Id, decimal Debit, decimal Credit, int? Party, string? Description)
{
    [JsonPropertyName("party.")] public Named? PartyNamed { get; init; }
}

/// <summary>An entry to create.</summary>
internal sealed record NewMove(int Company, int Journal, int Period, DateOnly Date, string Description, object[] Lines);

/// <summary>A line to create.</summary>
internal sealed record NewMoveLine(int Account, decimal Debit, decimal Credit, string Description)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Party { get; init; }
}

/// <summary>A way of paying: the journal it is written in, and the account the money comes to.</summary>
internal sealed record PaymentMethod(int Id, string Name, int Journal, int DebitAccount);

/// <summary>What a company books on where nothing else is said.</summary>
internal sealed record BookDefaults(int Id, int? DefaultAccountReceivable);

/// <summary>A company's money.</summary>
internal sealed record Books(int Id, [property: JsonPropertyName("currency.")] Named? Currency);
