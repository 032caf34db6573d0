using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OrderSync.ServiceDefaults;

namespace OrderSync.Console.Layout;

/// <summary>What protects forms against other sites, section <c>Forms</c>.</summary>
internal sealed class FormOptions
{
    /// <summary>A secret all replicas of the console share; at least 32 characters.</summary>
    public string Key { get; set; } = "";
}

/// <summary>
/// The framework's key ring with one key, made from the setting: a form that one replica rendered may be sent to another, or after a restart, and nothing
/// has to be kept. Sessions do not rest on it; whoever changes the setting only makes open forms ask to be sent again.
/// </summary>
internal static class FormKeys
{
    public static void AddFormKeys(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<FormOptions>("Forms", forms => forms.Key.Length < 32 ? "Key must be a secret of at least 32 characters" : null);
        builder.Services.AddAntiforgery(forgery =>
        {
            forgery.Cookie = new SecureCookie { Name = "__Host-ordersync-form", SameSite = SameSiteMode.Strict, HttpOnly = true, IsEssential = true, Path = "/" };
        });
        builder.Services.AddDataProtection().SetApplicationName("OrderSync.Console");
        var secret = builder.Configuration["Forms:Key"] ?? "";
        builder.Services.Configure<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = new OneKey(secret);
            keys.AutoGenerateKeys = false;
        });
    }

    /// <summary>
    /// Secure whatever the request came over: TLS may end at a proxy in front, and on this machine browsers take such cookies without it. The framework's own
    /// policy for that refuses forms over plain HTTP altogether.
    /// </summary>
    private sealed class SecureCookie : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = true;
            return options;
        }
    }

    private sealed class OneKey(string secret) : IXmlRepository
    {
        private static readonly DateTimeOffset Since = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            var hash = System.Security.Cryptography.SHA512.HashData(System.Text.Encoding.UTF8.GetBytes(secret));
            var descriptor = new Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel.AuthenticatedEncryptorDescriptor(
                new(), new Secret(hash)).ExportToXml();
            return
            [
                new XElement("key", new XAttribute("id", new Guid(hash.AsSpan(0, 16))), new XAttribute("version", 1),
                    new XElement("creationDate", Since), new XElement("activationDate", Since), new XElement("expirationDate", Since.AddYears(100)),
                    new XElement("descriptor", new XAttribute("deserializerType", descriptor.DeserializerType.AssemblyQualifiedName!), descriptor.SerializedDescriptorElement)),
            ];
        }

        public void StoreElement(XElement element, string friendlyName) =>
            throw new NotSupportedException("The key of forms comes from the setting Forms:Key and is not made anew.");
    }
}
