using System.Text.Json;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>What people read of a group, and where its cause is mended.</summary>
internal static partial class AttentionWords
{
    // By the code, or by how it begins; the first that fits. Words are stable: the console knows where each leads.
    private static readonly (string Code, string Mend)[] Mends =
    [
        ("connection.reconnect", "reconnect"), ("connection.", "settings"), ("erp.amountDiffers", "settings"), ("erp.numberTaken", "series"), ("order.noNumber", "series"),
        ("item.", "products"), ("line.sku.", "products"), ("line.lot.", "products"), ("line.serial.", "products"), ("order.creditLimit", "customers"), ("tax.", "taxes"), ("shipping.", "settings"), ("payment.", "mappings"), ("location.", "mappings"), ("account.", "mappings"),
        ("customer.possibleDuplicate", "duplicates"), ("customer.undecided", "duplicates"), ("customer.change", "changes"), ("customer.", "customers"), ("order.noCustomer", "customers"), ("receipt.noCustomer", "customers"), ("user.disabled", "people"), ("mail.noServer", "settings"), ("mail.", "customers"),
        ("kind.", "settings"), ("cancel.", "destination"), ("dependency.", "record"), ("record.dependency", "record"), ("receipt.order", "record"), ("record.", "device"), ("erp.", "destination"),
    ];

    /// <summary>Where the cause is mended: reconnect, settings, mappings, taxes, products, customers, duplicates, changes, series, people, record (what it needs), destination (in the ERP itself) or device.</summary>
    public static string Mend(string reason, string? code) => reason switch
    {
        "reconnect" => "reconnect",
        AttentionSources.Refused => "device",
        _ => code is null ? "record" : Mends.FirstOrDefault(one => code.StartsWith(one.Code, StringComparison.Ordinal)).Mend ?? "record",
    };

    /// <summary>The sentence of a record's code with its parameters.</summary>
    public static string? Said(string? code, string language, string? parameters) =>
        code is null ? null : Sentences.Of(code, language, parameters is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(parameters));

    /// <summary>The same for all of a group: the place of a line is each record's own.</summary>
    public static string? Shared(string? sentence) => sentence is null ? null : Place().Replace(sentence, found => found.Groups[1].Value.ToUpperInvariant());

    /// <summary>What is to be done about what stands at the gateway, where no destination has said it.</summary>
    public static string? Fix(string reason, string? connection, string? recordCode, string language)
    {
        var code = (reason, connection) switch
        {
            (AttentionSources.Refused, _) => "attention.fix.refused",
            ("waiting", null) => "attention.fix.waiting",
            ("held", _) when recordCode?.StartsWith("customer.possibleDuplicate", StringComparison.Ordinal) == true => "attention.fix.duplicate",
            ("held", _) when recordCode?.StartsWith("customer.change", StringComparison.Ordinal) == true => "attention.fix.change",
            ("held", _) when Wishes.IsDecision(reason, recordCode) => "attention.fix.decide",
            ("held", _) => "attention.fix.held",
            ("reconnect", _) => "attention.fix.reconnect",
            (AttentionSources.Stopped, _) => "attention.fix.stopped",
            _ => null,
        };
        return code is null ? null : Sentences.Of(code, language, null);
    }

    [GeneratedRegex(@"^(?:(?:Line|Position) \d+|Shipping): (\w)")]
    private static partial Regex Place();
}
