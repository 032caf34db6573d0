using System.Text;
using System.Text.RegularExpressions;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>docs/protocol.md says what is so.</summary>
public sealed partial class ProtocolTests
{
    [Fact]
    public void The_worked_example_of_the_hash_comes_to_what_it_says()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/protocol.md"));
        var example = text[text.IndexOf("### The hash", StringComparison.Ordinal)..text.IndexOf("### Collections", StringComparison.Ordinal)];
        var all = new ContentHash();
        foreach (var line in example.Split("```\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, row) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var one = new ContentHash();
            one.Add(key, Encoding.UTF8.GetBytes(row));
            all.Add(key, Encoding.UTF8.GetBytes(row));
            Assert.Contains($"{Encoding.UTF8.GetByteCount($"{key}\n{row}")} bytes", example, StringComparison.Ordinal);
            Assert.Contains($"`{one.Text}`", example, StringComparison.Ordinal);
        }

        Assert.Contains($"count {all.Count}, hash `{all.Text}`", example, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_collection_that_the_library_knows_is_in_the_table()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/protocol.md"))).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.All(typeof(FeedCollections).GetFields().Select(field => (string)field.GetRawConstantValue()!), name => Assert.Contains(name, rows));
    }

    [GeneratedRegex("^\\| `(\\w+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
