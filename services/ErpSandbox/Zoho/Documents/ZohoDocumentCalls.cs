namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What a kind of document is called: alone, in lists, its number's field, in sentences, and Zoho's own series.</summary>
internal sealed record ZohoNames(string Entity, string List, string NumberField, string Title, string Series)
{
    /// <summary>The path of the list, where it is not spelled as the list is in answers.</summary>
    public string Path { get; init; } = List;
}

/// <summary>What can be done with every kind of document: find, read, create, change, delete. rules.md, "Documents".</summary>
internal abstract class ZohoDocumentCalls<T>(ZohoNames names)
    where T : class, IZohoDocument
{
    /// <summary>The path of the list.</summary>
    public string Path => names.Path;

    /// <summary>The field with the id.</summary>
    public string IdField => names.Entity + "_id";

    protected ZohoNames Names => names;

    /// <summary>GET of the list.</summary>
    public ErpAnswer Find(ZohoCall call)
    {
        var (search, documents) = (call.Search, In(call.Organisation));
        var rows =
            search[names.NumberField] is { } number ? documents.ByNumber(number)
            : search["reference_number"] is { } reference ? documents.ByReference(reference)
            : documents.Rows;
        rows = rows.Where(row => search.Passes(names.NumberField, row.Number) && search.Passes("reference_number", row.ReferenceNumber));
        if (FiltersMore(call.Flavour))
        {
            rows = rows.Where(row =>
                search.PassesIn(names.NumberField, row.Number) && search.Passes("customer_id", row.CustomerId)
                && search.Passes("customer_name", row.CustomerName) && search.Passes("status", row.Shown(call.Flavour).Status)
                && search.Passes("date", row.Date) && search.PassesSearchText(row.Number, row.ReferenceNumber, row.CustomerName));
        }

        return ZohoAnswer.List(names.List, search.Page(rows, row => row.Row(call.Flavour)));
    }

    /// <summary>GET of one.</summary>
    public ErpAnswer Get(ZohoCall call) => ZohoAnswer.Ok("success", names.Entity, Existing(call).Shown(call.Flavour));

    /// <summary>POST of a new one.</summary>
    public ErpAnswer Create(ZohoCall call) => Create(call, ZohoFields.Parse(call.Request));

    /// <summary>PUT of one: what it does not name stays.</summary>
    public ErpAnswer Update(ZohoCall call) => Update(call, ZohoFields.Parse(call.Request), Existing(call));

    /// <summary>PUT of the list, Books only: the one whose unique custom field has a value, or with X-Upsert a new one.</summary>
    public ErpAnswer Upsert(ZohoCall call)
    {
        var (key, value) = ZohoUpsert.Key(call);
        var found = In(call.Organisation).Rows.Where(row => ZohoUpsert.Is(row.CustomField(key), value)).ToList();
        var fields = ZohoFields.Parse(call.Request);
        return found switch
        {
            [var one] => Update(call, fields, one),
            [] when ZohoUpsert.MayCreate(call) => Create(call, fields, made => Unique(call, made.With(ZohoUpsert.With(made.CustomFields, Defined(call.Organisation), key, value), call.Now))),
            [] => throw ZohoRefusal.NoSuch(names.Title, 404),
            _ => throw ZohoRefusal.Invalid(key),
        };
    }

    /// <summary>DELETE of one.</summary>
    public ErpAnswer Delete(ZohoCall call)
    {
        var document = Existing(call);
        if (WhyKept(call, document) is { } reason)
            throw new ZohoRefusal(400, 2, reason);
        Gone(call, document);
        call.Organisation.Remove(document);
        return ZohoAnswer.Ok($"The {names.Title} has been deleted.");
    }

    /// <summary>PUT of the custom fields; its path is singular.</summary>
    public ErpAnswer UpdateCustomFields(ZohoCall call)
    {
        var (fields, before) = (ZohoFields.Parse(call.Request), Existing(call));
        call.Organisation.Put(Unique(call, before.With(ZohoReading.CustomFields(fields, Defined(call.Organisation), before.CustomFields), call.Now)));
        return ZohoAnswer.Ok("Custom Fields have been updated.");
    }

    /// <summary>Where an organisation keeps them.</summary>
    public abstract ZohoDocuments<T> In(ZohoOrganisation organisation);

    /// <summary>The custom fields the organisation has defined for them.</summary>
    protected abstract IReadOnlyList<ZohoCustomField> Defined(ZohoOrganisation organisation);

    /// <summary>Reads a new one, or the changes to one, with its number.</summary>
    protected abstract T Read(ZohoCall call, ZohoFields fields, T? before, string number);

    /// <summary>Keeps it, with all that changes because of it.</summary>
    protected virtual void Keep(ZohoCall call, T? before, T after) => call.Organisation.Put(after);

    /// <summary>What else changes when it is deleted.</summary>
    protected virtual void Gone(ZohoCall call, T document)
    {
    }

    /// <summary>Why it may not be deleted, if so.</summary>
    protected virtual string? WhyKept(ZohoCall call, T document) => null;

    /// <summary>Whether the filters beyond number and reference work.</summary>
    protected virtual bool FiltersMore(ZohoFlavour flavour) => true;

    /// <summary>The one in the path.</summary>
    protected T Existing(ZohoCall call) => In(call.Organisation).Find(call.Id) ?? throw ZohoRefusal.NoSuch(names.Title, 404);

    private ErpAnswer Create(ZohoCall call, ZohoFields fields, Func<T, T>? also = null)
    {
        var made = Unique(call, Read(call, fields, null, Number(call, fields, null)));
        made = also is null ? made : also(made);
        Keep(call, null, made);
        return ZohoAnswer.Ok($"{names.Title} has been created.", names.Entity, In(call.Organisation).Find(made.Id)!.Shown(call.Flavour), 201);
    }

    private ErpAnswer Update(ZohoCall call, ZohoFields fields, T before)
    {
        var changed = Unique(call, Read(call, fields, before, Number(call, fields, before)));
        Keep(call, before, changed);
        return ZohoAnswer.Ok($"{names.Title} has been updated.", names.Entity, In(call.Organisation).Find(before.Id)!.Shown(call.Flavour));
    }

    // A number of one's own needs ignore_auto_number_generation=true; it is unique while its document stands, void ones too.
    private string Number(ZohoCall call, ZohoFields fields, T? before)
    {
        var settings = call.Organisation.Settings;
        var own = call.Request.Query["ignore_auto_number_generation"] == "true";
        var wanted = names.NumberField.Length > 0 ? fields.Text(names.NumberField, settings.NumberMaxLength)?.Trim() : null;
        if (string.IsNullOrEmpty(wanted))
        {
            return before?.Number
                ?? (own && names.NumberField.Length > 0 ? throw ZohoRefusal.Missing(names.NumberField) : In(call.Organisation).NextNumber(names.Series));
        }

        if (!own && wanted != before?.Number)
            throw fields.Invalid(names.NumberField);
        if (In(call.Organisation).ByNumber(wanted).FirstOrDefault() is { } other && other.Id != before?.Id)
            throw new ZohoRefusal(400, settings.DuplicateNumberCode, $"This {names.Title} number already exists: {wanted}");
        return wanted;
    }

    private T Unique(ZohoCall call, IZohoDocument document)
    {
        foreach (var name in call.Organisation.Settings.UniqueCustomFields)
        {
            if (document.CustomField(name) is { } value
                && In(call.Organisation).Rows.Any(other => other.Id != document.Id && ZohoUpsert.Is(other.CustomField(name), value)))
                throw new ZohoRefusal(400, call.Organisation.Settings.DuplicateNumberCode, $"The value {value} of {name} already exists.");
        }

        return (T)document;
    }
}
