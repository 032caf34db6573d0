using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>
/// What tells that a thing in Tryton is ours: our record id, as a customer's code, and in the description or the reference of a sale and of a move. By it alone
/// a document is known to be ours.
/// </summary>
internal static class OurMark
{
    private const string Ours = "OrderSync";

    /// <summary>The code of a customer; Tryton lets nobody else have it.</summary>
    public static string Code(Guid recordId) => $"OS-{recordId:N}";

    /// <summary>The mark of a document. An order and a quote of one record id would be two.</summary>
    public static string Mark(string word, Guid recordId) => $"{Ours} {word} {recordId:D}";

    /// <summary>The mark as a sale carries it.</summary>
    public static string? Of(Sale sale, TrytonSettings settings) => settings.RecordIdField == RecordIdField.Reference ? sale.Reference : sale.Description;

    /// <summary>Whether it is a mark of ours of another kind, such as that of a quote where an order is looked for.</summary>
    public static bool IsOfAnotherKind(string? mark, string word) => mark?.StartsWith($"{Ours} ", StringComparison.Ordinal) == true && !mark.StartsWith($"{Ours} {word} ", StringComparison.Ordinal);

    /// <summary>Name in Tryton of the field of a sale that carries the mark.</summary>
    public static string FieldOfSales(TrytonSettings settings) => settings.RecordIdField == RecordIdField.Reference ? "reference" : "description";
}
