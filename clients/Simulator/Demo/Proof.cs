using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Demo;

/// <summary>Whether what was captured, what the ERP holds and what the customer reads in the mailed PDF are the same.</summary>
internal sealed class Proof
{
    private readonly List<string> _problems = [];

    /// <summary>What is not as it must be, each in a sentence; empty = all is there, once, to the cent.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Sum of what was captured.</summary>
    public decimal Captured { get; private set; }

    /// <summary>Sum of what the ERP holds, asked from the ERP.</summary>
    public decimal InErp { get; private set; }

    /// <summary>Sum of what the PDFs say, read from the mail box.</summary>
    public decimal Mailed { get; private set; }

    /// <summary>Compares one record with its documents.</summary>
    /// <param name="track">The record.</param>
    /// <param name="held">What the ERP itself has under its id.</param>
    /// <param name="mails">What lies in its customer's mail box.</param>
    public void Add(Track track, IReadOnlyList<SandboxDocument> held, IReadOnlyList<ReceivedMail> mails)
    {
        var name = $"The {track.Kind} {track.Number ?? track.Id.ToString()}";
        if (track.Trouble is { } trouble)
            _problems.Add($"{name} needs a person: {trouble}");
        foreach (var stage in Enum.GetValues<Stage>().Where(stage => track.Goes(stage) && track.Reached(stage) is null))
            _problems.Add($"{name} did not get as far as: {stage.ToString().ToLowerInvariant()}.");
        if (track.Amount is not { } amount)
            return;

        Captured += amount;
        var standing = held.Where(document => Guid.TryParse(document.OrderSyncId, out var id) && id == track.Id && document.Status != "void").ToList();
        if (standing.Count != 1)
            _problems.Add($"{name} is in the ERP {standing.Count} times.");
        if (track.Kind == Kinds.Order && standing.Any(document => document.Status == "draft"))
            _problems.Add($"{name} is still a draft in the ERP.");
        var (inErp, mailed) = (standing.Sum(document => document.Total), OneOf(track, mails, name));
        InErp += inErp;
        Mailed += mailed;
        if (inErp != amount || mailed != amount)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: captured {amount:N2}, in the ERP {inErp:N2}, on paper {mailed:N2}."));
    }

    private decimal OneOf(Track track, IReadOnlyList<ReceivedMail> mails, string name)
    {
        var own = mails.Where(mail => track.Number is { } number && mail.PdfText.Contains(number, StringComparison.Ordinal) && IsAbout(mail, track.Kind)).ToList();
        if (own.Count != 1)
            _problems.Add($"{name} was mailed {own.Count} times.");
        return own.Sum(mail => mail.Total ?? 0);
    }

    // A receipt names the order it pays, too.
    private static bool IsAbout(ReceivedMail mail, string kind) => mail.PdfText.Contains("Amount received", StringComparison.Ordinal) == (kind == Kinds.Receipt);
}
