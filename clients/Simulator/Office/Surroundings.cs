using System.Text.Json;
using OrderSync.AppHost.Local;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Office;

/// <summary>Where gateway and sandbox are, and the key to the office side.</summary>
internal sealed record Surroundings(Uri Gateway, string ApiKey, Uri Sandbox, string StateFolder)
{
    /// <summary>The page of the mail server, if one is known.</summary>
    public Uri? Mail { get; private init; }

    private Lazy<Running> Known { get; init; } = new(() => Read(AppHost.Local.StateFolder.RunningFile(AppHost.Local.StateFolder.Find())));

    private const string Advice = "Start the parts with ./ordersync up (a real Tryton with ./ordersync up --with-tryton), or name them with --gateway, --api-key and --sandbox.";

    /// <summary>What was named, and for the rest what <c>./ordersync up</c> has written down.</summary>
    public static Surroundings Find(string? gateway, string? apiKey, string? sandbox, string? mail = null)
    {
        var folder = AppHost.Local.StateFolder.Find();
        var complete = gateway is not null && apiKey is not null && sandbox is not null;
        var known = new Lazy<Running>(() => Read(AppHost.Local.StateFolder.RunningFile(folder)));
        var running = complete ? null : known.Value;
        return new Surroundings(
            Address("gateway", gateway, running),
            Key(apiKey, running),
            Address("sandbox", sandbox, running),
            folder)
        {
            Mail = (mail ?? running?.Urls?.GetValueOrDefault("mail")) is null ? null : Address("mail", mail, running),
            Known = known,
        };
    }

    /// <summary>Where a part runs that only some start.</summary>
    public Uri AddressOf(string part) => Address(part, null, Known.Value);

    /// <summary>What <c>up</c> has made up for its parts.</summary>
    public string Parameter(string name) => Known.Value.Parameters?.GetValueOrDefault(name) ?? throw Missing(name);

    /// <summary>The gateway and the key to its office side alone.</summary>
    public static (Uri Gateway, string ApiKey) FindOffice(string? gateway, string? apiKey)
    {
        var running = gateway is not null && apiKey is not null ? null : Read(AppHost.Local.StateFolder.RunningFile(AppHost.Local.StateFolder.Find()));
        return (Address("gateway", gateway, running), Key(apiKey, running));
    }

    private sealed record Running(Dictionary<string, string>? Urls, Dictionary<string, string>? Parameters);

    private static Running Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<Running>(stream, JsonSerializerOptions.Web) ?? throw new JsonException("it is empty");
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CannotReplay("Nothing is running here. " + Advice);
        }
        catch (Exception trouble) when (trouble is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CannotReplay($"{file} cannot be read: {trouble.Message} {Advice}");
        }
    }

    private static Uri Address(string part, string? named, Running? running)
    {
        var text = named ?? running?.Urls?.GetValueOrDefault(part) ?? throw Missing("the address of the " + part);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            ? address
            : throw new CannotReplay($"{text} is not an address such as http://127.0.0.1:5080.");
    }

    private static string Key(string? named, Running? running) => named ?? running?.Parameters?.GetValueOrDefault("office-api-key") ?? throw Missing("the office API key");

    private static CannotReplay Missing(string what) => new($"It is not known where the parts are: {what} is missing. {Advice}");
}
