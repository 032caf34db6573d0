using System.Reflection;
using System.Text.RegularExpressions;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

public sealed class ListOfCasesTests
{
    [Fact]
    public void The_document_on_adding_a_connector_lists_every_case_by_name()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "add-a-connector.md"));
        var section = document.Split("## The cases")[1].Split("\n## ")[0];

        var listed = Regex.Matches(section, "^- (.+)$", RegexOptions.Multiline).Select(line => line.Groups[1].Value);

        var cases = typeof(ConnectorConformance).GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => method.Name.Replace('_', ' ') + (method.GetCustomAttribute<CaseThatNeedsAttribute>() is { } needs ? $" ({string.Join(", ", needs.Abilities)})" : "")).ToList();
        Assert.Equal(cases.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Contains($"{cases.Count} cases;", section, StringComparison.Ordinal);
    }
}
