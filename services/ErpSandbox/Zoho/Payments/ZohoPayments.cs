namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Customer payments: applied to invoices, or left as an advance. rules.md, "Customer payments".</summary>
internal sealed class ZohoPayments() : ZohoDocumentCalls<ZohoPayment>(new("payment", "customerpayments", "", "payment", ""))
{
    // Accounts to deposit to; the first is taken when none is named.
    private static readonly (string Id, string Name)[] Accounts = [("4815000000000358", "Undeposited Funds"), ("4815000000000361", "Petty Cash")];

    public static readonly ZohoPayments Calls = new();

    /// <summary>The payment mode of a body; it must be one of the organisation's.</summary>
    public static string? Mode(ZohoCall call, ZohoFields fields)
    {
        if (fields.Text("payment_mode", 100) is not { Length: > 0 } mode)
            return null;
        return call.Organisation.Settings.PaymentModes.FirstOrDefault(one => string.Equals(one, mode, StringComparison.OrdinalIgnoreCase))
            ?? throw fields.Invalid("payment_mode");
    }

    /// <summary>GET /meta/paymentmodes</summary>
    public static ErpAnswer Modes(ZohoCall call) => !call.Organisation.Settings.PaymentModesAreListed ? throw ZohoRefusal.NoSuchAddress() : ZohoAnswer.Ok("success", "paymentmodes",
        call.Organisation.Settings.PaymentModes.Select((name, i) => new { PaymentModeId = $"48150000000021{i:00}", PaymentMode = name, Name = name, IsDefault = i == 0 }).ToList());

    /// <summary>Takes all payments off an invoice; they become the customer's credit.</summary>
    public static void Release(ZohoCall call, ZohoInvoice invoice)
    {
        foreach (var payment in call.Organisation.Payments.Rows.Where(one => one.Invoices.Any(applied => applied.InvoiceId == invoice.InvoiceId)).ToList())
        {
            Calls.Keep(call, payment, payment with
            {
                Invoices = [.. payment.Invoices.Where(applied => applied.InvoiceId != invoice.InvoiceId)],
                LastModifiedTime = call.Now,
            });
        }
    }

    public override ZohoDocuments<ZohoPayment> In(ZohoOrganisation organisation) => organisation.Payments;

    protected override IReadOnlyList<ZohoCustomField> Defined(ZohoOrganisation organisation) => organisation.CustomerpaymentCustomFields;

    protected override ZohoPayment Read(ZohoCall call, ZohoFields fields, ZohoPayment? before, string number)
    {
        var (organisation, settings) = (call.Organisation, call.Organisation.Settings);
        var customer = organisation.Contact(fields.Id("customer_id") ?? before?.CustomerId ?? throw ZohoRefusal.Missing("customer_id"))
            ?? throw ZohoRefusal.NoSuch("Customer");
        var amount = fields.Number("amount") ?? before?.Amount ?? throw ZohoRefusal.Missing("amount");
        if (amount <= 0)
            throw fields.Invalid("amount");
        var account = fields.Id("account_id") is not { } id ? Accounts[0]
            : Array.Find(Accounts, one => one.Id == id) is { Id: not null } found ? found : throw ZohoRefusal.NoSuch("Account");
        before ??= new ZohoPayment { PaymentId = organisation.NewId(), AccountId = account.Id, AccountName = account.Name, CreatedTime = call.Now };
        var mode = Mode(call, fields) ?? ZohoDocumentReading.Or(before.PaymentMode) ?? throw ZohoRefusal.Missing("payment_mode");
        var date = fields.Date("date") ?? ZohoDocumentReading.Or(before.Date)
            ?? (call.Flavour == ZohoFlavour.Books ? throw ZohoRefusal.Missing("date")
                : call.Now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

        return before with
        {
            PaymentNumber = number,
            ReferenceNumber = fields.Text("reference_number", 100) ?? before.ReferenceNumber,
            Date = date,
            PaymentMode = mode,
            Description = fields.Text("description", settings.NotesMaxLength) ?? before.Description,
            CustomerId = customer.ContactId,
            CustomerName = customer.ContactName,
            CurrencyId = organisation.CurrencyId,
            CurrencyCode = settings.CurrencyCode,
            AccountId = fields.Has("account_id") ? account.Id : before.AccountId,
            AccountName = fields.Has("account_id") ? account.Name : before.AccountName,
            BankCharges = fields.Number("bank_charges") ?? before.BankCharges,
            Amount = ZohoReading.Fit(amount, settings.PricePrecision, settings, fields, "amount"),
            Invoices = Applied(call, fields, before, customer.ContactId, amount),
            CustomFields = ZohoReading.CustomFields(fields, Defined(organisation), before.CustomFields),
            LastModifiedTime = call.Now,
        };
    }

    protected override void Keep(ZohoCall call, ZohoPayment? before, ZohoPayment after)
    {
        call.Organisation.Put(after);
        Apply(call, before, after);
    }

    protected override void Gone(ZohoCall call, ZohoPayment document) => Apply(call, document, null);

    private static IReadOnlyList<ZohoApplied> Applied(ZohoCall call, ZohoFields fields, ZohoPayment before, string customer, decimal amount)
    {
        if (fields.Objects("invoices") is not { } rows)
        {
            return before.PaymentNumber.Length > 0 || call.Organisation.Settings.PaymentWithoutInvoices == Allowed.Accept ? before.Invoices
                : throw ZohoRefusal.Missing("invoices");
        }

        if (rows.Count == 0 && call.Organisation.Settings.PaymentWithoutInvoices == Allowed.Refuse)
            throw ZohoRefusal.Missing("invoices");
        var applied = rows.Select(row =>
        {
            var invoice = call.Organisation.Invoices.Find(row.Id("invoice_id") ?? throw ZohoRefusal.Missing("invoices.invoice_id")) ?? throw ZohoRefusal.NoSuch("Invoice");
            var part = row.Number("amount_applied") ?? throw ZohoRefusal.Missing("invoices.amount_applied");
            if (invoice.CustomerId != customer || invoice.Status == "void")
                throw row.Invalid("invoice_id");
            if (part <= 0 || part > invoice.Balance + Part(before, invoice.InvoiceId))
                throw row.Invalid("amount_applied");
            return new ZohoApplied(
                before.Invoices.FirstOrDefault(one => one.InvoiceId == invoice.InvoiceId)?.InvoicePaymentId ?? call.Organisation.NewId(),
                invoice.InvoiceId, invoice.InvoiceNumber, part);
        }).ToList();
        if (applied.Sum(one => one.AmountApplied) > amount || applied.DistinctBy(one => one.InvoiceId).Count() < applied.Count)
            throw fields.Invalid("invoices.amount_applied");
        return applied;
    }

    private static void Apply(ZohoCall call, ZohoPayment? before, ZohoPayment? after)
    {
        foreach (var id in (before?.Invoices ?? []).Concat(after?.Invoices ?? []).Select(applied => applied.InvoiceId).Distinct())
        {
            var invoice = call.Organisation.Invoices.Find(id)!;
            var paid = invoice.PaymentMade - Part(before, id) + Part(after, id);
            if (paid != invoice.PaymentMade)
                ZohoInvoices.Kept(call, invoice, invoice.Paid(paid, call.Now));
        }
    }

    private static decimal Part(ZohoPayment? payment, string invoice) => payment?.Invoices.FirstOrDefault(applied => applied.InvoiceId == invoice)?.AmountApplied ?? 0;
}
