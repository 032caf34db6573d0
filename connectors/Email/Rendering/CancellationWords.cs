using OrderSync.Email.Documents;

namespace OrderSync.Email.Rendering;

/// <summary>The words that take an order back, in one language.</summary>
/// <param name="Title">Head of the mail, before the number.</param>
/// <param name="Subject">With {0} for the number.</param>
/// <param name="Sentence">With {0} for the number, {1} for the date and {2} for what it came to.</param>
internal sealed record CancellationWords(string Title, string Subject, string Sentence)
{
    public static CancellationWords English { get; } = new(
        "Cancellation", "Order {0} is cancelled",
        "Order {0} of {1} for {2} is cancelled. The confirmation we sent is no longer valid. If this is not what you expect, please answer this mail.");

    public static CancellationWords German { get; } = new(
        "Stornierung", "Auftrag {0} ist storniert",
        "Der Auftrag {0} vom {1} über {2} ist storniert. Die Bestätigung, die wir geschickt haben, gilt nicht mehr. Falls das nicht so sein soll, antworten Sie bitte auf diese E-Mail.");

    /// <summary>What it is called for the customer; for people inside also whose it was.</summary>
    public string SubjectOf(Document document, bool toCustomer) =>
        Rendering.Subject.OneLine(toCustomer ? string.Format(null, Subject, document.Number) : $"{string.Format(null, Subject, document.Number)}: {document.BillTo.Name}");

    /// <summary>All that is to be said.</summary>
    public string Text(Document document, Words words)
    {
        var figures = new Figures(words, document.Decimals);
        return string.Format(null, Sentence, document.Number, figures.Date(document.Date), Facts.Total(document, words, figures).Amount);
    }
}
