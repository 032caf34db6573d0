using System.Text.RegularExpressions;
using OrderSync.Gateway.Sync;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Codes;

public sealed partial class CodesTests
{
    // Dotted names that are no codes: actions in the audit, operations of a policy, spans, columns and fields.
    private static readonly string[] NotCodes =
    [
        "activity.add", "body.billing", "body.name", "body.shipping", "customer.add", "customer.change", "customer.leaveChange", "customer.takeChange", "device.restore", "device.revoke", "form.version", "lead.add",
        "me.password", "me.totp.off", "me.totp.on", "office.change", "office.own", "office.person", "order.add", "pull.now", "pull.reimport", "quote.add", "relay.send", "totals.total",
        // Models, methods and fields of Tryton.
        "account.configuration", "account.invoice", "account.invoice.payment.method", "account.move", "account.period", "account.tax", "addresses.city", "addresses.country.code", "addresses.delivery",
        "addresses.invoice", "addresses.name", "addresses.street", "common.db.login", "country.country", "currency.code", "currency.currency", "fiscalyear.company", "identifiers.code", "identifiers.type",
        "lines.amount", "lines.credit", "lines.debit", "lines.description", "lines.party", "lines.party.name", "lines.product", "lines.product.code", "lines.quantity", "lines.taxes.rate", "lines.type",
        "lines.unit.symbol", "model.company.company.read", "party.name", "party.party", "product.product", "product.uom", "sale.sale", "stock.location", "template.categories.name",
    ];

    private static readonly string[] Folders = ["services/Gateway", "services/Contracts", "services/Money", "connectors", "clients/Device"];

    [Fact]
    public void F050_Every_code_in_the_sources_is_in_the_catalogue_and_the_catalogue_has_no_others()
    {
        var said = Sources().SelectMany(source => Lines(source.Text)).SelectMany(line => Dotted().Matches(line)).Select(found => found.Groups[1].Value)
            // Columns by their table's one letter, and names of files.
            .Where(name => name.IndexOf('.', StringComparison.Ordinal) > 1 && !name.EndsWith(".csv", StringComparison.Ordinal) && !name.EndsWith(".json", StringComparison.Ordinal)).Except(NotCodes).ToHashSet();
        said.UnionWith(Sentences.Codes);
        var listed = CodesPage.Rows.Select(row => row.Code).ToList();

        Assert.True(said.IsSubsetOf(listed), $"""
            Add a line for each to docs/codes.tsv: code, sort ({string.Join(", ", CodesPage.Sorts.Select(sort => sort.Sort))}), and unless Sentences has it the sentences en and de, divided by tabs; or to NotCodes, if it is none:
            {string.Join('\n', said.Except(listed).Order(StringComparer.Ordinal))}
            """);
        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.DoesNotContain(listed, code => !said.Contains(code));
        Assert.All(CodesPage.Rows, row => Assert.Contains(row.Sort, CodesPage.Sorts.Select(sort => sort.Sort)));
        Assert.All(CodesPage.Rows, row => Assert.Matches(@"^[a-z][a-zA-Z]*(\.[a-z][a-zA-Z0-9]*)+$", row.Code));
    }

    [Fact]
    public void F050_Every_code_has_a_plain_sentence_in_both_languages_without_path_trace_or_SQL()
    {
        foreach (var row in CodesPage.Rows)
        {
            Assert.True(row.En.Length > 10 && row.De.Length > 10, $"{row.Code} has no sentence.");
            foreach (var text in new[] { row.En, row.De })
            {
                Assert.False(Technical().IsMatch(text), $"{row.Code}: {text}");
                Assert.Matches(@"[.?!)]$", text);
            }

            Assert.True(row.En != row.De, row.Code);
            Assert.Equal(Parameters(row.En), Parameters(row.De));
        }
    }

    [Fact]
    public void F050_Every_sentence_can_be_read_by_whoever_has_left_school()
    {
        // Flesch and Kincaid's grade for English: 10 is the tenth year of school. LIX for German: 60 is a newspaper's.
        var hard = CodesPage.Rows.Where(row => Readability.GradeOf(row.En) > 10 || Readability.LixOf(row.De) > 60)
            .Select(row => FormattableString.Invariant($"{row.Code}: {Readability.GradeOf(row.En):0.0} {Readability.LixOf(row.De):0}\n  {row.En}\n  {row.De}"));

        Assert.Empty(hard);
    }

    [Theory]
    [InlineData("lines[2].notes", "\"line 3, notes\" is longer than 40 characters. Shorten it.", "\"Position 3, Notizen\" ist länger als 40 Zeichen. Bitte kürzen.")]
    [InlineData("billing.postalCode", "\"billing address, postal code\" is longer than 40 characters. Shorten it.", "\"Rechnungsadresse, Postleitzahl\" ist länger als 40 Zeichen. Bitte kürzen.")]
    [InlineData("customFields.Colour of box", "\"custom field, Colour of box\" is longer than 40 characters. Shorten it.", "\"eigenes Feld, Colour of box\" ist länger als 40 Zeichen. Bitte kürzen.")]
    public void F050_A_field_is_named_as_people_name_it_and_never_by_its_path(string path, string english, string german)
    {
        var parameters = new Dictionary<string, string> { ["name"] = path, ["most"] = "40" };

        Assert.Equal((english, german), (Sentences.Of("text.tooLong", "en", parameters), Sentences.Of("text.tooLong", "de", parameters)));
    }

    [Fact]
    public void F133_A_code_is_either_temporary_or_a_refusal_wherever_it_is_said()
    {
        var sorts = CodesPage.Rows.ToDictionary(row => row.Code, row => row.Sort);
        var wrong = new List<string>();
        foreach (var (file, text) in Sources())
        {
            Check(file, text, BusyCall(), sort => sort is "temporary");
            Check(file, text, FaultMade(), sort => sort is "refused" or "held" or "waits" or "flagged" or "conflict");
            Check(file, text, DestinationRefused(), sort => sort is "destination" or "waits" or "held" or "refused");
            Check(file, text, ClientFault(), sort => sort is not "temporary");
        }

        Assert.Empty(wrong);

        void Check(string file, string text, Regex say, Func<string, bool> fits) =>
            wrong.AddRange(say.Matches(text).Select(found => found.Groups[1].Value).Where(code => sorts.TryGetValue(code, out var sort) && !fits(sort)).Select(code => $"{file}: {code} is {sorts[code]}"));
    }

    [Fact]
    public void F050_The_page_is_the_approved_one()
    {
        if (Environment.GetEnvironmentVariable("ORDERSYNC_APPROVE") == "1")
            File.WriteAllText(CodesPage.File, CodesPage.Text());

        Assert.Equal(CodesPage.Text(), File.ReadAllText(CodesPage.File));
    }

    private static IEnumerable<(string File, string Text)> Sources() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Where(file => Path.GetFileName(file) is not ("Sentences.cs" or "Timeline.cs" or "AttentionWords.cs" or "GatewayMeter.cs"))
        .Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(line => !Aside().IsMatch(line));

    private static IEnumerable<string> Parameters(string text) => Parameter().Matches(text).Select(found => found.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("\"([a-z][a-zA-Z0-9]*(?:\\.[a-z][a-zA-Z0-9]*)+)\"")]
    private static partial Regex Dotted();

    [GeneratedRegex("""AuditLog\.Add|OperationCapability\(|"ordersync\.|=> "t\.|"excluded\.|///""")]
    private static partial Regex Aside();

    [GeneratedRegex("""\[\d|\w\[\]|\bat \w+\.\w+\(|\b(?:select|insert|update) .* (?:from|into|set)\b|Exception|stack trace|null\b|\b[a-z]+[A-Z]\w*\.""")]
    private static partial Regex Technical();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("""Problems\.(?:Busy|TooMany)\(\s*"([a-zA-Z.]+)""")]
    private static partial Regex BusyCall();

    [GeneratedRegex("""new Fault\(\s*"([a-zA-Z.]+)""")]
    private static partial Regex FaultMade();

    [GeneratedRegex("""Outcome\.Refused\(\s*"([a-zA-Z.]+)""")]
    private static partial Regex DestinationRefused();

    [GeneratedRegex("""Problems\.(?:Bad|NotFound|Conflict|TooLarge|Unauthorized)\(\s*"([a-zA-Z.]+)""")]
    private static partial Regex ClientFault();
}
