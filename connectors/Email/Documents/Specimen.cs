using OrderSync.Contracts.Records;
using OrderSync.Email.Rendering;

namespace OrderSync.Email.Documents;

/// <summary>A document that shows all a template has to show: two rates, discounts, a note, names that are long or not Latin.</summary>
internal static class Specimen
{
    private static readonly DateTimeOffset Captured = new(2026, 3, 3, 10, 15, 0, TimeSpan.FromHours(1));

    public static Document Of(string kind, EmailSettings settings) => kind == Kinds.Receipt ? Receipt(settings) : Sale(kind, settings);

    private static Document Sale(string kind, EmailSettings settings) => new()
    {
        Kind = kind,
        From = new Letterhead(settings.FromName, settings.LetterheadLines),
        Number = kind switch { Kinds.Quote => "QU-000117", Kinds.Sale => "SA-000230", _ => "SO-000042" },
        Reference = "D7-0031",
        Date = new DateOnly(2026, 3, 3),
        CapturedAt = Captured,
        BillTo = new Party("Nordlicht Handels GmbH & Co. KG", ["Lange Straße 5", "01067 Dresden"]),
        ShipTo = new Party("Αποθήκη Πειραιά", ["Ακτή Μιαούλη 81", "185 38 Πειραιάς"]),
        CustomerCode = "C-10442",
        CustomerTaxNumber = "DE123456789",
        CustomerReference = "PO 4711/26",
        Rep = "Ada Keller",
        RequestedDate = new DateOnly(2026, 3, 10),
        PaymentTerms = "30 days net",
        ValidUntil = kind == Kinds.Quote ? new DateOnly(2026, 4, 2) : null,
        PaidWith = kind == Kinds.Sale ? [new("externalTerminal", 1000m, null), new("onAccount", 331.57m, new DateOnly(2026, 4, 2))] : [],
        Currency = "EUR",
        Decimals = 2,
        Lines =
        [
            new("PACK-32-SLT", "Trailhead pack 32 L, slate", 12, "pcs", 84.5m, new LineDiscount(5, null), 19, 963.30m, "Two of them gift-wrapped"),
            new("STOVE-1", "Camp stove, single burner", 3, "pcs", 39.9m, null, 19, 119.70m, null),
            new("TEA-HERB-250", null, 2.5m, "kg", 18.4m, new LineDiscount(null, 6), 7, 40m, null),
        ],
        Taxes = [new(19, 1083m, 205.77m), new(7, 40m, 2.80m)],
        Totals = new CapturedTotals(1123m, 0, null, 0, 208.57m, 1331.57m),
        Notes = "Please deliver to the back door.",
        Terms = settings.Terms,
        Sha256 = new string('0', 64),
    };

    private static Document Receipt(EmailSettings settings) => new()
    {
        Kind = Kinds.Receipt,
        From = new Letterhead(settings.FromName, settings.LetterheadLines),
        Number = "RC-000009",
        Reference = "D7-0032",
        Date = new DateOnly(2026, 3, 3),
        CapturedAt = Captured,
        BillTo = new Party("Nordlicht Handels GmbH & Co. KG", ["Lange Straße 5", "01067 Dresden"]),
        CustomerCode = "C-10442",
        Rep = "Ada Keller",
        Currency = "EUR",
        Decimals = 2,
        Payment = new Payment(1400m, "bankTransfer", [new($"{Words.In(settings.Language).Of(Kinds.Order).Name} SO-000042", 1331.57m)], 68.43m),
        Notes = "With thanks.",
        Terms = settings.Terms,
        Sha256 = new string('0', 64),
    };
}
