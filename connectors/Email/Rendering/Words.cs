namespace OrderSync.Email.Rendering;

/// <summary>The document's words in one language.</summary>
internal sealed record Words
{
    public required string Language { get; init; }
    public required IReadOnlyDictionary<string, KindWords> Kinds { get; init; }
    public required IReadOnlyDictionary<string, string> Methods { get; init; }
    public required string ValidUntil { get; init; }
    public required string ReceivedFrom { get; init; }
    public required string Method { get; init; }
    public required string Until { get; init; }
    public required string Pays { get; init; }
    public required string OnAccount { get; init; }
    public required string AmountReceived { get; init; }
    public required string Terms { get; init; }
    public required string Reference { get; init; }
    public required string CustomerCode { get; init; }
    public required string CustomerTaxNumber { get; init; }
    public required string CustomerReference { get; init; }
    public required string Rep { get; init; }
    public required string RequestedDate { get; init; }
    public required string PaymentTerms { get; init; }
    public required string Revision { get; init; }
    public required string BillTo { get; init; }
    public required string ShipTo { get; init; }
    public required string Item { get; init; }
    public required string Quantity { get; init; }
    public required string UnitPrice { get; init; }
    public required string Discount { get; init; }
    public required string Tax { get; init; }
    public required string Amount { get; init; }
    public required string TaxRate { get; init; }
    public required string Net { get; init; }
    public required string Subtotal { get; init; }
    public required string OrderDiscount { get; init; }
    public required string Shipping { get; init; }
    public required string TaxIncluded { get; init; }
    public required string Total { get; init; }
    public required string PricesIncludeTax { get; init; }
    public required string Notes { get; init; }
    public required string Page { get; init; }
    public required string OfPages { get; init; }
    public required string DecimalSeparator { get; init; }
    public required string GroupSeparator { get; init; }
    public required string DateFormat { get; init; }
    public required CancellationWords Cancellation { get; init; }

    /// <summary>The words that depend on the kind of document.</summary>
    public KindWords Of(string kind) => Kinds[kind];

    /// <summary>The words for a language tag such as "de" or "de-AT"; English where there is no translation.</summary>
    public static Words In(string language) => language.Split('-')[0].Equals("de", StringComparison.OrdinalIgnoreCase) ? German : English;

    public static Words English { get; } = new()
    {
        Language = "en",
        Kinds = new Dictionary<string, KindWords>
        {
            [Contracts.Records.Kinds.Order] = new("Order confirmation", "Order", "Thank you. This is the order as we received it; it is attached as a PDF as well.", "Order date", "SHA-256 of the order as captured"),
            [Contracts.Records.Kinds.Quote] = new("Quote", "Quote", "Thank you for asking. This is our offer; it is attached as a PDF as well.", "Quote date", "SHA-256 of the quote as captured"),
            [Contracts.Records.Kinds.Sale] = new("Sales receipt", "Sale", "Thank you. This is what you have bought; it is attached as a PDF as well.", "Date of sale", "SHA-256 of the sale as captured"),
            [Contracts.Records.Kinds.Receipt] = new("Receipt", "Receipt", "Thank you. We have received your payment; this receipt is attached as a PDF as well.", "Date of payment", "SHA-256 of the receipt as captured"),
        },
        Methods = new Dictionary<string, string>
        {
            ["cash"] = "Cash", ["cheque"] = "Cheque", ["bankTransfer"] = "Bank transfer", ["externalTerminal"] = "Card", ["onAccount"] = "On account", ["layBy"] = "Lay-by", ["other"] = "Other",
        },
        ValidUntil = "Valid until",
        ReceivedFrom = "Received from",
        Method = "Paid by",
        Until = "until",
        Pays = "For",
        OnAccount = "On account",
        AmountReceived = "Amount received",
        Terms = "Terms",
        Reference = "Device reference",
        CustomerCode = "Customer number",
        CustomerTaxNumber = "Customer tax number",
        CustomerReference = "Your order number",
        Rep = "Your contact",
        RequestedDate = "Requested delivery",
        PaymentTerms = "Payment terms",
        Revision = "Revision",
        BillTo = "Bill to",
        ShipTo = "Ship to",
        Item = "Item",
        Quantity = "Quantity",
        UnitPrice = "Unit price",
        Discount = "Discount",
        Tax = "Tax",
        Amount = "Amount",
        TaxRate = "Tax rate",
        Net = "Net",
        Subtotal = "Subtotal",
        OrderDiscount = "Discount on the whole",
        Shipping = "Shipping",
        TaxIncluded = "Tax included",
        Total = "Total",
        PricesIncludeTax = "Prices include tax.",
        Notes = "Notes",
        Page = "Page",
        OfPages = "of",
        DecimalSeparator = ".",
        GroupSeparator = ",",
        DateFormat = "d MMMM yyyy",
        Cancellation = CancellationWords.English,
    };

    public static Words German { get; } = new()
    {
        Language = "de",
        Kinds = new Dictionary<string, KindWords>
        {
            [Contracts.Records.Kinds.Order] = new("Auftragsbestätigung", "Auftrag", "Vielen Dank. Dies ist der Auftrag, wie er bei uns eingegangen ist; er liegt auch als PDF bei.", "Auftragsdatum", "SHA-256 des Auftrags wie erfasst"),
            [Contracts.Records.Kinds.Quote] = new("Angebot", "Angebot", "Vielen Dank für Ihre Anfrage. Dies ist unser Angebot; es liegt auch als PDF bei.", "Angebotsdatum", "SHA-256 des Angebots wie erfasst"),
            [Contracts.Records.Kinds.Sale] = new("Kassenbeleg", "Verkauf", "Vielen Dank. Dies ist, was Sie gekauft haben; der Beleg liegt auch als PDF bei.", "Verkaufsdatum", "SHA-256 des Verkaufs wie erfasst"),
            [Contracts.Records.Kinds.Receipt] = new("Quittung", "Quittung", "Vielen Dank. Wir haben Ihre Zahlung erhalten; diese Quittung liegt auch als PDF bei.", "Zahlungsdatum", "SHA-256 der Quittung wie erfasst"),
        },
        Methods = new Dictionary<string, string>
        {
            ["cash"] = "Bar", ["cheque"] = "Scheck", ["bankTransfer"] = "Überweisung", ["externalTerminal"] = "Karte", ["onAccount"] = "Auf Rechnung", ["layBy"] = "Zurückgelegt", ["other"] = "Sonstiges",
        },
        ValidUntil = "Gültig bis",
        ReceivedFrom = "Erhalten von",
        Method = "Zahlungsart",
        Until = "bis",
        Pays = "Für",
        OnAccount = "Guthaben",
        AmountReceived = "Betrag erhalten",
        Terms = "Bedingungen",
        Reference = "Gerätereferenz",
        CustomerCode = "Kundennummer",
        CustomerTaxNumber = "USt-IdNr. des Kunden",
        CustomerReference = "Ihre Bestellnummer",
        Rep = "Ihr Ansprechpartner",
        RequestedDate = "Wunschtermin",
        PaymentTerms = "Zahlungsbedingungen",
        Revision = "Revision",
        BillTo = "Rechnung an",
        ShipTo = "Lieferung an",
        Item = "Artikel",
        Quantity = "Menge",
        UnitPrice = "Einzelpreis",
        Discount = "Rabatt",
        Tax = "USt.",
        Amount = "Betrag",
        TaxRate = "Steuersatz",
        Net = "Netto",
        Subtotal = "Zwischensumme",
        OrderDiscount = "Gesamtrabatt",
        Shipping = "Versand",
        TaxIncluded = "Enthaltene USt.",
        Total = "Gesamtbetrag",
        PricesIncludeTax = "Alle Preise enthalten die Umsatzsteuer.",
        Notes = "Anmerkungen",
        Page = "Seite",
        OfPages = "von",
        DecimalSeparator = ",",
        GroupSeparator = ".",
        DateFormat = "dd.MM.yyyy",
        Cancellation = CancellationWords.German,
    };
}

/// <summary>Words for one kind of document.</summary>
/// <param name="Title">Head of the document.</param>
/// <param name="Name">What it is, in one word.</param>
/// <param name="Intro">First sentence of the mail.</param>
/// <param name="Date">Name of its date.</param>
/// <param name="Captured">Name of the captured record's hash.</param>
internal sealed record KindWords(string Title, string Name, string Intro, string Date, string Captured);
