using System.Globalization;
using System.Security.Cryptography;
using OrderSync.Contracts.Records;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Faults;

/// <summary>What must be so however parts were killed and answers were lost, asked from the gateway, the ERP and the mail box themselves.</summary>
internal sealed class Invariants
{
    private readonly List<(string Promise, string Seen, IReadOnlyList<string> Broken)> _checks = [];

    /// <summary>Each promise with what was seen and what breaks it.</summary>
    public IReadOnlyList<(string Promise, string Seen, IReadOnlyList<string> Broken)> Checks => _checks;

    /// <summary>Looks at everything that was captured.</summary>
    /// <param name="capture">What the devices had.</param>
    /// <param name="records">What the gateway says of each, by id.</param>
    /// <param name="connection">Name of the connection to the ERP.</param>
    /// <param name="held">What the ERP holds.</param>
    /// <param name="erp">What the ERP counts.</param>
    /// <param name="mails">Message-IDs of all mails, by address; what was sent twice stands there twice.</param>
    /// <param name="mostRepeats">How many mails may have been sent a second time: the mail server had them, and the one who sent them was killed before it could note it.</param>
    public static Invariants Of(
        Capture capture, IReadOnlyDictionary<Guid, OfficeRecord?> records, string connection, IReadOnlyList<SandboxDocument> held, SandboxSummary erp,
        IReadOnlyDictionary<string, IReadOnlyList<string>> mails, int mostRepeats)
    {
        var found = new Invariants();
        var all = capture.Customers.Concat(capture.Orders).ToList();
        found.Add("I1 acknowledged is stored, byte for byte", $"{all.Count:N0} records", all.Select(record => records[record.Id] is not { } stored
            ? $"{record.Kind} {record.Name} is not at the gateway"
            : stored.Captures.Any(one => one.Sha256 == Convert.ToHexStringLower(SHA256.HashData(record.Bytes.Span))) ? null : $"{record.Kind} {record.Name} was stored with other bytes"));
        found.Add("I2 stored once, under a number of its own", $"{capture.Orders.Count:N0} numbers", capture.Orders
            .GroupBy(order => records[order.Id]?.Number ?? "").Where(alike => alike.Key.Length == 0 || alike.Count() > 1)
            .Select(alike => alike.Key.Length == 0 ? $"{alike.Count()} orders have no number" : $"{alike.Count()} orders have the number {alike.Key}"));
        found.Add("I3 in the ERP, or visible with its reason", $"{capture.Orders.Count:N0} orders", capture.Orders
            .Select(order => (order, At: records[order.Id]?.At(connection))).Where(one => one.At?.State != "done")
            .Select(one => $"{one.order.Name} is {one.At?.State ?? "nowhere"}{(one.At?.Reason is { } reason ? ": " + reason : "")}"));
        var documents = held.Where(document => document.Status != "void" && Guid.TryParse(document.OrderSyncId, out _)).ToLookup(document => Guid.Parse(document.OrderSyncId!));
        found.Add("I4 one document for each order", $"{capture.Orders.Count:N0} documents", capture.Orders.Where(order => documents[order.Id].Count() != 1)
            .Select(order => $"{order.Name} is there {documents[order.Id].Count()} times"));
        found.Add("I5 one customer in the ERP for each customer", $"{capture.Customers.Count:N0} customers", erp.TwiceTheSameCustomer == 0 ? [] : [$"{erp.TwiceTheSameCustomer} customers are there more than once"]);
        found.Add("I6 the ERP's sums are the captured ones", $"{capture.Total:N2}", capture.Orders.Select(order => (order, Captured: order.Total(), There: documents[order.Id].Sum(document => document.Total)))
            .Where(one => one.Captured != one.There).Select(one => $"{one.order.Name}: captured {one.Captured:N2}, there {one.There:N2}"));

        var names = capture.Customers.ToDictionary(customer => customer.Id, customer => customer.Name);
        var due = capture.Orders.GroupBy(order => names[order.Customer]).ToDictionary(one => one.Key, one => one.Count());
        var repeats = mails.Sum(box => box.Value.Count - box.Value.Distinct().Count());
        found.Add("I11 one mail for each order, by Message-ID", $"{due.Values.Sum():N0} mails, {repeats:N0} of them sent a second time", due
            .Select(one => (one.Key, one.Value, Found: mails[one.Key].Distinct().Count())).Where(one => one.Found != one.Value)
            .Select(one => $"{one.Key} has {one.Found} of {one.Value} mails")
            .Concat(repeats > mostRepeats ? [$"{repeats} mails were sent a second time, and at most {mostRepeats} were under way when their sender was killed"] : []));
        return found;
    }

    private void Add(string promise, FormattableString seen, IEnumerable<string?> broken) => _checks.Add((promise, seen.ToString(CultureInfo.InvariantCulture), [.. broken.OfType<string>()]));
}
