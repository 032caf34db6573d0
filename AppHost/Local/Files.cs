using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.AppHost.Local;

/// <summary>Small files of the state folder: read by others at any moment, so they are replaced as a whole.</summary>
internal static class Files
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static T? ReadJson<T>(string file) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file), Json);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            // Asked for before it is written, or while a run that ends deletes it.
            return null;
        }
        catch (JsonException damaged)
        {
            throw new InvalidOperationException($"{file} cannot be read: {damaged.Message} Remove it, or run `./ordersync down --purge`.", damaged);
        }
    }

    public static void WritePrivate(string file, string text)
    {
        var unfinished = $"{file}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(unfinished, options))
            writer.Write(text);
        File.Move(unfinished, file, overwrite: true);
    }
}
