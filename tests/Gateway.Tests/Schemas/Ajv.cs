using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing.Run;

namespace OrderSync.Gateway.Tests.Schemas;

/// <summary>A JSON Schema validator that is not ours: ajv, fetched from npm once.</summary>
internal static class Ajv
{
    private const string Version = "8.20.0";

    private const string Script = """
        const Ajv = require('ajv/dist/2020').default;
        const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
        require('ajv-formats').default(ajv);
        const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const validate = ajv.compile(input.schema);
        console.log(JSON.stringify(input.records.map(record => validate(record) ? '' : ajv.errorsText(validate.errors))));
        """;

    /// <summary>For each record an empty text, or what the schema forbids about it.</summary>
    public static async Task<IReadOnlyList<string>> ErrorsAsync(JsonNode schema, IEnumerable<JsonNode> records)
    {
        var input = new JsonObject { ["schema"] = schema.DeepClone(), ["records"] = new JsonArray([.. records.Select(record => record.DeepClone())]) };
        return JsonSerializer.Deserialize<string[]>(await RunAsync(await InstallAsync(), "node", ["-e", Script], input.ToJsonString()))!;
    }

    private static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(TestFolder.Tools, $"ajv-{Version}");
        if (Directory.Exists(folder))
            return folder;

        var unfinished = $"{folder}-{Guid.NewGuid():N}";
        Directory.CreateDirectory(unfinished);
        await RunAsync(unfinished, "npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", unfinished, $"ajv@{Version}", "ajv-formats@3.0.1"], "");
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was first.
            Directory.Delete(unfinished, recursive: true);
        }

        return folder;
    }

    private static async Task<string> RunAsync(string folder, string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}
