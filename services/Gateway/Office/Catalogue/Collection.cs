using Npgsql;

namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>What a bulk call did.</summary>
/// <param name="Received">Rows received.</param>
/// <param name="Changed">Rows that were new or different; a repeat changes none.</param>
/// <param name="FromConnection">Of the rows received, those that a connection brings: what its destination knows of them stays as it is there, the rest was taken.</param>
internal sealed record BulkAnswer(int Received, int Changed, int FromConnection = 0);

/// <summary>What is wrong with one cell or one row.</summary>
/// <param name="Line">Line of the CSV file.</param>
/// <param name="Row">Place in the JSON list, from 0.</param>
/// <param name="Column">The column, or the property's path.</param>
/// <param name="Message">What is wrong with it.</param>
internal sealed record BulkFault(int? Line, int? Row, string? Column, string Message);

/// <summary>One collection the office loads and reads in bulk: its name, its rules and its two statements.</summary>
internal abstract class Collection<T> where T : class
{
    private const int MostWords = 100;

    /// <summary>Name on the wire, such as products.</summary>
    public abstract string Name { get; }

    /// <summary>Rows written in one transaction: devices hear of each, and a transaction tells them at most 500 things.</summary>
    public virtual int Part => 500;

    /// <summary>Inserts or updates rows given as arrays from $2 on, and counts only what is different; $1 is the company.</summary>
    public abstract string Write { get; }

    /// <summary>Counts which of the rows given as arrays a connection brings; null where none can be.</summary>
    public virtual string? Owned => null;

    /// <summary>Reads rows in the order of their keys: $2 the key to begin after, $3 a LIKE pattern or null, $4 how many.</summary>
    public abstract string Read { get; }

    /// <summary>The row's key, which orders rows and pages.</summary>
    public abstract string KeyOf(T row);

    /// <summary>All that is wrong with a row.</summary>
    public abstract IEnumerable<(string Column, string Why)?> Check(T row);

    /// <summary>What else a row names, with its column: it must be known.</summary>
    public virtual IEnumerable<(string Column, string Kind, string Name)> Names(T row) => [];

    /// <summary>The arrays of <see cref="Write"/>.</summary>
    public abstract object[] Arrays(IReadOnlyList<T> rows);

    /// <summary>A row of <see cref="Read"/>.</summary>
    public abstract T Row(NpgsqlDataReader row);

    /// <summary>The key of <see cref="Read"/>; null when it is none.</summary>
    public virtual object? After(string? key) => key ?? "";

    /// <summary>Why rows clash with others that hold the same unique text.</summary>
    public virtual Task<string?> ClashAsync(NpgsqlConnection connection, Guid company, IReadOnlyList<T> rows, CancellationToken stop) => Task.FromResult<string?>(null);

    protected static (string, string)? Text(string? value, string name, int most) => string.IsNullOrWhiteSpace(value) ? (name, "is missing") : Optional(value, name, most);

    protected static (string, string)? Optional(string? value, string name, int most) => value is null ? null
        : value.Length > most ? (name, $"is longer than {most} characters")
        : Sync.Texts.WhyNot((name, value, most)) is not null ? (name, "contains a character that cannot be stored")
        : null;

    /// <summary>A list of texts, such as barcodes.</summary>
    protected static (string, string)? Words(IReadOnlyList<string>? words, string name) => words is null ? null
        : words.Count > MostWords ? (name, $"has more than {MostWords} entries")
        : words.Select(word => Text(word, name, 200)).FirstOrDefault(why => why is not null) is { } wrong ? (name, $"has an entry that {wrong.Item2}") : null;

    /// <summary>Names with values, such as attributes.</summary>
    protected static (string, string)? Pairs(IReadOnlyDictionary<string, string>? pairs, string name) => pairs is null ? null
        : pairs.Count > MostWords ? (name, $"has more than {MostWords} entries")
        : pairs.Select(pair => Text(pair.Key, name, 100) ?? Text(pair.Value, name, 1_000)).FirstOrDefault(why => why is not null) is { } wrong ? (name, $"has an entry that {wrong.Item2}") : null;

    protected static string? Maybe(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    protected static decimal? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);

    /// <summary>A list out of an array column; absent when it is empty.</summary>
    protected static IReadOnlyList<TItem>? List<TItem>(NpgsqlDataReader row, int column) => row.GetFieldValue<TItem[]>(column) is { Length: > 0 } items ? items : null;

    protected static (string, string)? Range(decimal? value, string name, decimal least, decimal most) =>
        value is null || (value >= least && value <= most && decimal.Round(value.Value, 5) == value) ? null : (name, FormattableString.Invariant($"must be from {least:0} to {most:0}, with at most five decimals"));
}
