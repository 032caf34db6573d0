using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>NetSuite's arithmetic: the acceptance set of the sheet on rounding.</summary>
public sealed class NetSuiteMoneyTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Theory]
    [InlineData("line", "off", "halfUp", 1.02)]
    [InlineData("transaction", "off", "halfUp", 1.01)]
    [InlineData("transaction", "off", "halfEven", 1.00)]
    [InlineData("line", "down", "halfUp", 0.99)]
    [InlineData("transaction", "up", "halfUp", 1.01)]
    public async Task The_reference_case_is_rounded_as_the_account_rounds(string taxLevel, string taxRounding, string tie, decimal tax)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { taxLevel, taxRounding, tie }, sandbox.Clock);

        var theirs = await suite.WrittenAsync(await suite.OrderAsync(("A", 1, 3.35m), ("A", 1, 3.35m), ("A", 1, 3.35m)));

        Assert.Equal((10.05m + tax, tax, 10.05m), ((decimal)theirs["total"]!, (decimal)theirs["taxTotal"]!, (decimal)theirs["subtotal"]!));
    }
}
