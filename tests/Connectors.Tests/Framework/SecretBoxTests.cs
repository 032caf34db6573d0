using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSync.Framework.Connections;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class SecretBoxTests
{
    private const string Old = "old:the text of the old key is long enough";
    private const string New = "new:the text of the new key is long enough";
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public void The_first_key_writes_and_all_keys_read()
    {
        var box = Box(Old).Seal("secret", company, connection);

        Assert.Equal("secret", Box($"{New},{Old}").Open(box, company, connection));
        Assert.Contains("new", Encoding.UTF8.GetString(Box($"{New},{Old}").Seal("secret", company, connection)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_gone_is_named()
    {
        var box = Box(Old).Seal("secret", company, connection);

        var trouble = Assert.Throws<CryptographicException>(() => Box(New).Open(box, company, connection));

        Assert.Contains("key old", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_copied_to_another_company_does_not_open()
    {
        var box = Box(Old).Seal("secret", company, connection);

        Assert.ThrowsAny<CryptographicException>(() => Box(Old).Open(box, Guid.NewGuid(), connection));
        box[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => Box(Old).Open(box, company, connection));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no-id-but-long-enough-to-be-a-key-text")]
    [InlineData("id:short")]
    [InlineData($"{Old},{Old}")]
    public void A_setting_that_cannot_be_a_key_is_refused_at_start(string? key) => Assert.NotNull(SecretKeys.WhyNot(new SecretKeys { Key = key }));

    private static SecretBox Box(string keys)
    {
        Assert.Null(SecretKeys.WhyNot(new SecretKeys { Key = keys }));
        return new(Options.Create(new SecretKeys { Key = keys }));
    }
}
