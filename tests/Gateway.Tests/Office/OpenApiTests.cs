using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>The OpenAPI document is complete, and changes only on purpose.</summary>
[Collection("office")]
public sealed class OpenApiTests(GatewayFixture gateway)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is called before anybody is known.</summary>
    internal static readonly string[] BeforeSignIn = ["/v1/office/sign-in", "/v1/office/welcome", "/v1/office/welcome/look"];

    private static string Approved => Path.Combine(Repository.Root, "tests/Gateway.Tests/Office/openapi.approved.json");

    [Fact]
    public async Task Every_endpoint_says_what_it_does_what_it_takes_and_what_it_answers()
    {
        var missing = new List<string>();
        foreach (var (operation, path, method) in Operations(await DocumentAsync()))
        {
            var name = $"{method} {path}";
            if (!operation.TryGetProperty("summary", out _))
                missing.Add($"{name}: WithSummary(…)");
            if (operation.TryGetProperty("parameters", out var parameters))
                missing.AddRange(parameters.EnumerateArray().Where(parameter => !parameter.TryGetProperty("description", out _))
                    .Select(parameter => $"{name}: [Description] of the parameter {parameter.GetProperty("name").GetString()}, or a line in ApiDocument"));
            var responses = operation.GetProperty("responses");
            if (!responses.EnumerateObject().Any(answer => answer.Name is "204" || (answer.Name[0] == '2' && answer.Value.TryGetProperty("content", out _))))
                missing.Add($"{name}: Produces<…>()");
            var secured = operation.TryGetProperty("security", out var security) && security.GetArrayLength() > 0;
            if ((path.StartsWith("/v1/office/", StringComparison.Ordinal) && !BeforeSignIn.Contains(path)) != (secured && security[0].TryGetProperty("office", out _)))
                missing.Add($"{name}: RequireAuthorization of the office");
            if (secured && !responses.TryGetProperty("401", out _))
                missing.Add($"{name}: the answer 401");
            foreach (var status in new[] { "429", "503" })
                if (!responses.TryGetProperty(status, out _))
                    missing.Add($"{name}: the answer {status}");
        }

        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [Fact]
    public async Task It_names_no_host_and_says_how_to_authenticate()
    {
        var document = await DocumentAsync();
        Assert.DoesNotContain("127.0.0.1", document.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["device", "office"], document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).Order());
    }

    [Fact]
    public async Task It_is_the_approved_one()
    {
        var now = JsonSerializer.Serialize(await DocumentAsync(), Readable) + "\n";
        if (Environment.GetEnvironmentVariable("ORDERSYNC_APPROVE") == "1")
            await File.WriteAllTextAsync(Approved, now);
        var approved = File.Exists(Approved) ? await File.ReadAllTextAsync(Approved) : "";
        if (approved == now)
            return;

        string[] before = approved.Split('\n'), after = now.Split('\n');
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail($"""
            The OpenAPI document has changed. From line {line + 1} on it was
              {string.Join("\n  ", before.Skip(line).Take(5))}
            and is
              {string.Join("\n  ", after.Skip(line).Take(5))}
            Clients depend on it. If the change is meant, run this test once with ORDERSYNC_APPROVE=1 and commit {Path.GetRelativePath(Repository.Root, Approved)}.
            """);
    }

    internal static IEnumerable<(JsonElement Operation, string Path, string Method)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        where method.Name is "get" or "put" or "post" or "delete" or "patch" or "head"
        select (method.Value, path.Name, method.Name.ToUpperInvariant());

    private async Task<JsonElement> DocumentAsync() => await gateway.Office.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
}
