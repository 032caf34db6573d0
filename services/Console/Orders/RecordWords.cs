namespace OrderSync.Console.Orders;

/// <summary>What the pages call a kind of record, and where they are.</summary>
/// <param name="One">One of them, at the beginning of a sentence.</param>
/// <param name="Many">The page's title.</param>
/// <param name="Place">Address of the list.</param>
/// <param name="None">What to do where there is none yet.</param>
public sealed record RecordWords(string One, string Many, string Place, string None)
{
    private static readonly Dictionary<string, RecordWords> Known = new()
    {
        ["order"] = new("Order", "Orders", "/orders", "Orders appear here the moment a device sends one. Enrol a device under Devices, or send the sample orders with ./ordersync demo."),
        ["quote"] = new("Quote", "Quotes", "/quotes", "Quotes appear here the moment a device sends one."),
        ["sale"] = new("Sale", "Sales", "/sales", "Sales appear here the moment a till sends one."),
        ["lead"] = new("Lead", "Leads", "/leads", "Leads appear here the moment a rep captures one."),
        ["activity"] = new("Activity", "Activities", "/activities", "Visits, forms, counts and all else that reps do appear here."),
        ["receipt"] = new("Receipt", "Receipts", "/receipts", "Money that reps receive appears here the moment a device sends the receipt."),
        ["customer"] = new("Customer", "Customers", "/customers", "Customers come from your ERP, from a list the office loads, or from a device."),
    };

    private static readonly RecordWords All = new("Record", "Records", "/records", "All that devices send appears here.");

    /// <summary>Of a kind; one that has no pages of its own is called by its name.</summary>
    public static RecordWords Of(string kind) =>
        Known.GetValueOrDefault(kind) ?? (kind.Length == 0 ? All : All with { One = $"{char.ToUpperInvariant(kind[0])}{kind[1..]}" });

    /// <summary>The page of one record.</summary>
    public static string PageOf(string kind, Guid id) => $"{(kind != "customer" && Known.ContainsKey(kind) ? Of(kind).Place : "/records")}/{id}";

    /// <summary>What its state means, and who has to do something.</summary>
    public static string Meaning(RecordDetail record)
    {
        var now = record.Deliveries.Where(delivery => delivery.State != "superseded").ToList();
        return record.State switch
        {
            "accepted" when now.Count == 0 => "It is stored and confirmed. No connection takes records of this kind, so it goes nowhere.",
            "accepted" when now.Any(delivery => delivery.State is "attention" or "reconnect") => "It is stored and confirmed. Below stands what keeps it from a destination and what to do.",
            "accepted" when now.All(delivery => delivery.State == "done") => "It is stored, confirmed, and everywhere it was to go.",
            "accepted" when now.All(delivery => delivery.State is "done" or "stopped") => "It is stored and confirmed. Somebody stopped it on its way to a destination; Reopen lets it go on.",
            "accepted" => "It is stored and confirmed. It is on its way; nothing is to be done.",
            "waiting" => "It is stored and safe. It goes on by itself as soon as what it waits for is here.",
            "held" when record.MayAccept => "It is stored and safe, and waits for the office's decision. Look at it: accept it as it was captured, or stop it.",
            "held" => "It is stored and safe, and waits for the office. Mend what is said here; it then goes on by itself, or press Retry.",
            "refused" => "The device has to mend it: the rep sees the reason there and sends it again. It is kept here exactly as it was sent, and nothing went to a destination.",
            "stopped" => "Somebody stopped it. It goes nowhere until it is reopened.",
            _ => "",
        };
    }
}
