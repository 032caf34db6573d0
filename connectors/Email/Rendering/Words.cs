namespace OrderSync.Email.Rendering;

/// <summary>The document's words in one language.</summary>
internal sealed record Words
{
    public required string Language { get; init; }
    public required string Title { get; init; }
    public required string Order { get; init; }
    public required string Intro { get; init; }
    public required string OrderNumber { get; init; }
    public required string OrderDate { get; init; }
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
    public required string Captured { get; init; }
    public required string Page { get; init; }
    public required string Of { get; init; }
    public required string DecimalSeparator { get; init; }
    public required string GroupSeparator { get; init; }
    public required string DateFormat { get; init; }

    /// <summary>The words for a language tag such as "de" or "de-AT"; English where there is no translation.</summary>
    public static Words In(string language) => language.Split('-')[0].Equals("de", StringComparison.OrdinalIgnoreCase) ? German : English;

    public static Words English { get; } = new()
    {
        Language = "en",
        Title = "Order confirmation",
        Order = "Order",
        Intro = "Thank you. This is the order as we received it; it is attached as a PDF as well.",
        OrderNumber = "Order number",
        OrderDate = "Order date",
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
        OrderDiscount = "Order discount",
        Shipping = "Shipping",
        TaxIncluded = "Tax included",
        Total = "Total",
        PricesIncludeTax = "Prices include tax.",
        Notes = "Notes",
        Captured = "SHA-256 of the order as captured",
        Page = "Page",
        Of = "of",
        DecimalSeparator = ".",
        GroupSeparator = ",",
        DateFormat = "d MMMM yyyy",
    };

    public static Words German { get; } = new()
    {
        Language = "de",
        Title = "Auftragsbestätigung",
        Order = "Auftrag",
        Intro = "Vielen Dank. Dies ist der Auftrag, wie er bei uns eingegangen ist; er liegt auch als PDF bei.",
        OrderNumber = "Auftragsnummer",
        OrderDate = "Auftragsdatum",
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
        OrderDiscount = "Auftragsrabatt",
        Shipping = "Versand",
        TaxIncluded = "Enthaltene USt.",
        Total = "Gesamtbetrag",
        PricesIncludeTax = "Alle Preise enthalten die Umsatzsteuer.",
        Notes = "Anmerkungen",
        Captured = "SHA-256 des Auftrags wie erfasst",
        Page = "Seite",
        Of = "von",
        DecimalSeparator = ",",
        GroupSeparator = ".",
        DateFormat = "dd.MM.yyyy",
    };
}
