namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Estimates, in Books only. rules.md, "Estimates".</summary>
internal sealed class ZohoEstimates() : ZohoDocumentCalls<ZohoEstimate>(new("estimate", "estimates", "estimate_number", "Estimate", "QT-"))
{
    public static readonly ZohoEstimates Calls = new();

    /// <summary>POST /estimates/{id}/status/{sent|accepted|declined}: answers the same when it already is.</summary>
    public ErpAnswer SetStatus(ZohoCall call)
    {
        var (before, status) = (Existing(call), call.Request.Path[(call.Request.Path.LastIndexOf('/') + 1)..]);
        if (before.Status == "invoiced" || (before.Status == "draft" && status != "sent"))
            throw new ZohoRefusal(400, 2, $"An estimate that is {before.Status} cannot be marked as {status}.");
        if (before.Status != status)
            call.Organisation.Put(before with { Status = status, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok($"Estimate status has been changed to {status}.");
    }

    public override ZohoDocuments<ZohoEstimate> In(ZohoOrganisation organisation) => organisation.Estimates;

    protected override IReadOnlyList<ZohoCustomField> Defined(ZohoOrganisation organisation) => organisation.EstimateCustomFields;

    protected override ZohoEstimate Read(ZohoCall call, ZohoFields fields, ZohoEstimate? before, string number)
    {
        if (before is { Status: "invoiced" })
            throw new ZohoRefusal(400, 2, "An invoiced estimate cannot be changed.");
        before ??= new ZohoEstimate { EstimateId = call.Organisation.NewId(), CreatedTime = call.Now };
        return ZohoDocumentReading.Read(call, fields, before, Defined(call.Organisation)) with
        {
            EstimateNumber = number,
            ExpiryDate = fields.Date("expiry_date") ?? before.ExpiryDate,
        };
    }
}
