namespace OrderSync.ErpSandbox.Zoho;

/// <summary>All documents of one kind in an organisation, with the look-ups calls need.</summary>
internal sealed class ZohoDocuments<T>(ZohoIds ids)
    where T : class, IZohoDocument
{
    private const string OurField = "cf_ordersync_id";
    private readonly ZohoTable<T> table = new();
    private readonly ZohoIndex byNumber = new();
    private readonly ZohoIndex byReference = new();
    private readonly ZohoIndex byOurId = new();
    private int lastAutoNumber;

    public int Count => table.Count;
    public IEnumerable<T> Rows => table.Rows;
    public IEnumerable<T> Newest => table.Newest;

    public T? Find(string id) => table.Find(id);
    public IEnumerable<T> ByNumber(string number) => table.Find(byNumber[number]);
    public IEnumerable<T> ByReference(string reference) => table.Find(byReference[reference]);

    /// <summary>How many values of our custom field stand on more than one live document.</summary>
    public int Doubles(Func<T, bool> live) => byOurId.Shared.Count(rows => table.Find(rows).Count(live) > 1);

    /// <summary>The next number of Zoho's own series that is free.</summary>
    public string NextNumber(string series)
    {
        string number;
        do
        {
            number = $"{series}{++lastAutoNumber:00000}";
        }
        while (byNumber[number].Count > 0);
        return number;
    }

    /// <summary>Adds or replaces a document.</summary>
    public void Put(T row)
    {
        Index(table.Put(row.Id, row), row, row.Id);
        foreach (var id in row.Ids)
            ids.Seen(id);
    }

    /// <summary>Takes a document out; its number is free again.</summary>
    public void Remove(string id) => Index(table.Remove(id), null, id);

    private void Index(T? before, T? after, string id)
    {
        byNumber.Move(id, before?.Number, after?.Number);
        byReference.Move(id, before?.ReferenceNumber, after?.ReferenceNumber);
        byOurId.Move(id, before?.CustomField(OurField), after?.CustomField(OurField));
    }
}
