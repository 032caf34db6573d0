using OrderSync.Testing;
namespace OrderSync.EndToEnd.Tests.Demo;

/// <summary>The demo as a person runs it.</summary>
[Collection("whole system")]
public sealed class DemoTests(SharedSystem shared)
{
    [Fact]
    [InCi]
    public async Task Three_devices_capture_offline_one_on_a_bad_line_one_with_a_mistake_and_all_is_there_once_to_the_cent()
    {
        await using var company = await shared.System.CompanyAsync("Company of the demo");

        var (code, output) = await company.DemoAsync("--seed", "11");

        Assert.True(code == 0, output);
        Assert.Equal("✓ 5 documents · captured 757.41 · in Zoho 757.41 · on the mailed PDFs 757.41", SixtyOrdersTests.LastLine(output));
        foreach (var words in new[] { "Three devices are offline", "sold in steps of 12", "Ada mends it", "came through the queue", "as SO-MAIN-000001", "was mailed to bakery." })
            Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.True(output.IndexOf("keeps the order", StringComparison.Ordinal) < output.IndexOf("The lines are back", StringComparison.Ordinal), output);
    }
}
