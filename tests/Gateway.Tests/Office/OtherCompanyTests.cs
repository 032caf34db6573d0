using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Tests.Office.People;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>
/// Promise 5, asked of every endpoint there is: generated from the OpenAPI document, so that an endpoint cannot be forgotten. Each is called with the
/// credentials of one company and the ids and names of another, and with ids and names that exist nowhere: the answers must be the same.
/// </summary>
public sealed partial class OtherCompanyTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>, IDisposable
{
    private const string Push = "/v1/sync/push";
    private readonly HttpClient http = new() { BaseAddress = gateway.Gateway.Url };

    [Fact]
    [InCi]
    public async Task No_endpoint_tells_a_company_whether_something_of_another_exists_or_changes_it()
    {
        var document = await gateway.Office.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var other = await OtherCompany.CreateAsync(gateway);
        using var device = await gateway.EnrolAsync();
        using var person = await TestPerson.JoinAsync(gateway, "owner");
        var before = await other.ChecksumsAsync(gateway);
        var differences = new List<string>();
        var calls = 0;

        // Reads and wishes about records first, then what devices push: what the writes make under the other company's ids is this company's own.
        foreach (var (operation, path, method) in OpenApiTests.Operations(document).Where(one => !IsOfOneself(one.Path)).OrderBy(one => one.Method == "GET" || one.Path.StartsWith("/v1/office/records/", StringComparison.Ordinal) || (one.Path.StartsWith("/v1/sync/", StringComparison.Ordinal) && one.Path != Push) ? 0 : one.Path == Push ? 1 : 2))
            foreach (var token in new[] { path.StartsWith("/v1/office/me/", StringComparison.Ordinal) ? person.Token : GatewayFixture.ApiKey, device.AccessToken })
                foreach (var (i, id) in other.Ids.Index())
                {
                    var theirs = new Names(document, other, id, id);
                    var nobodys = new Names(document, other, id, Guid.NewGuid());
                    var known = await SendAsync(operation, path, method, token, theirs, texts: i == 0);
                    var unknown = await SendAsync(operation, path, method, token, nobodys, texts: i == 0);
                    calls += 2;
                    if (known != unknown)
                        differences.Add($"{method} {path} with {id}:\n  {known}\n  but for what is nobody's\n  {unknown}");
                    if (other.Texts.Values.Concat(["Item of Bea", "Company of Bea", "Person of Bea", "TAX-OF-B", "what Bea's connector said"]).Any(text => text is { Length: > 0 } && unknown.Contains(text, StringComparison.Ordinal)))
                        differences.Add($"{method} {path} shows what is another company's:\n  {unknown}");
                    // A device is turned away from the office before any id is looked at: one shows it.
                    if (!Varies(operation) || OpenApiTests.BeforeSignIn.Contains(path) || (token == device.AccessToken && path.StartsWith("/v1/office/", StringComparison.Ordinal)))
                        break;
                }

        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(10)));
        Assert.True(calls > 200, $"only {calls} calls");
        var after = await other.ChecksumsAsync(gateway);
        Assert.True(before.SequenceEqual(after), $"changed: {string.Join(", ", after.Where(table => table.Value != before.GetValueOrDefault(table.Key)).Select(table => table.Key))}");
    }

    public void Dispose() => http.Dispose();

    // An endpoint that takes no id is called once; one that takes some is called with each id the other company has.
    private static bool Varies(JsonElement operation) => operation.TryGetProperty("requestBody", out _)
        || (operation.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(parameter => IsId(parameter.GetProperty("schema"))));

    // What people do about themselves takes nobody else's name or id, and changes what they may do next.
    private static bool IsOfOneself(string path) => path == "/v1/office/sign-out" || (path.StartsWith("/v1/office/me/", StringComparison.Ordinal) && !path.Contains("{id}", StringComparison.Ordinal));

    private static bool IsId(JsonElement schema) => schema.TryGetProperty("format", out var format) && format.GetString() == "uuid";

    private async Task<string> SendAsync(JsonElement operation, string path, string method, string token, Names names, bool texts)
    {
        var query = new List<string>();
        if (operation.TryGetProperty("parameters", out var parameters))
            foreach (var parameter in parameters.EnumerateArray())
            {
                var name = parameter.GetProperty("name").GetString()!;
                var value = IsId(parameter.GetProperty("schema")) && !names.SaysNothing(name) ? names.Id.ToString() : names.Text(name);
                if (parameter.GetProperty("in").GetString() == "path")
                    path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value ?? (parameter.GetProperty("schema").TryGetProperty("format", out var format) && format.GetString() == "int32" ? "1" : "x")), StringComparison.Ordinal);
                // A filter by a text is the same whichever id is asked for.
                else if (value is not null && (texts || IsId(parameter.GetProperty("schema"))))
                    query.Add($"{name}={Uri.EscapeDataString(value)}");
            }

        // All filters at once would find nothing whoever asks: each is asked for alone.
        var answers = new StringBuilder();
        foreach (var one in query.DefaultIfEmpty(""))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}{(one.Length > 0 ? "?" : "")}{one}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (operation.TryGetProperty("requestBody", out var body))
                request.Content = new StringContent(names.Body(path, body), Encoding.UTF8, "application/json");
            // Events have no end; what they tell is a matter of their own tests.
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var text = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
            var headers = string.Join("; ", answer.Headers.Where(header => header.Key is not "Date").Select(header => $"{header.Key}={string.Join(',', header.Value)}"));
            answers.Append(CultureInfo.InvariantCulture, $"[{one.Split('=')[0]}] {(int)answer.StatusCode} {headers} {answer.Content.Headers.ContentType} ").AppendLine(text);
        }

        return names.Clean(answers.ToString());
    }

    /// <summary>The names of one call: those of the other company, or such as exist nowhere.</summary>
    private sealed class Names(JsonElement document, OtherCompany other, Guid theirs, Guid id)
    {
        private readonly bool strange = theirs != id;

        public Guid Id => id;

        /// <summary>A name whose values are no thing of a company, such as a position in a list.</summary>
        public bool SaysNothing(string name) => other.Texts.TryGetValue(name, out var text) && text is null;

        public string? Text(string name)
        {
            Assert.True(other.Texts.ContainsKey(name), $"Say in OtherCompany.Texts which value of the other company the parameter {name} can have, or that it says nothing of a company (null).");
            return other.Texts[name] is { } text ? strange ? Strange(text) : text : null;
        }

        public string Body(string path, JsonElement body)
        {
            if (path == Push)
            {
                var order = An.Order(id: id, customer: id);
                order["body"]!["reference"] = Text("reference");
                return Encoding.UTF8.GetString(An.Push(order));
            }

            // Bytes that are an image, as far as the server looks.
            if (!body.GetProperty("content").TryGetProperty("application/json", out _))
                return "RIFF0000WEBPVP8 ";
            var schema = body.GetProperty("content").EnumerateObject().First(content => content.Name == "application/json").Value.GetProperty("schema");
            return (Value(schema, "", 0) ?? new JsonObject()).ToJsonString();
        }

        /// <summary>The answer without what was said in the request and what differs in every call.</summary>
        public string Clean(string answer)
        {
            answer = answer.Replace(id.ToString(), "‹id›", StringComparison.OrdinalIgnoreCase);
            foreach (var text in other.Texts.Values.OfType<string>().OrderByDescending(text => text.Length))
                answer = answer.Replace(strange ? Strange(text) : text, "‹said›", StringComparison.Ordinal);
            return Changing().Replace(answer, "‹new›");
        }

        // Of the same length and shape, so that lengths and formats are checked alike.
        private string Strange(string text) => Guid.TryParse(text, out _)
            ? id.ToString()
            : string.Concat(text.Select(letter => char.IsAsciiLetterUpper(letter) ? (char)('Z' - (letter - 'A')) : char.IsAsciiLetterLower(letter) && !char.IsAsciiHexDigitLower(letter) ? 'q' : char.IsAsciiDigit(letter) ? (char)('9' - (letter - '0')) : letter));

        private JsonNode? Value(JsonElement schema, string name, int depth)
        {
            if (schema.TryGetProperty("$ref", out var reference))
                schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            if (schema.TryGetProperty("oneOf", out var choices))
                return Value(choices.EnumerateArray().Last(), name, depth);
            if (depth > 6)
                return null;
            if (IsId(schema))
                return id;
            var type = schema.TryGetProperty("type", out var given) ? given.ValueKind == JsonValueKind.Array ? given.EnumerateArray().Select(one => one.GetString()).First(one => one != "null") : given.GetString() : "object";
            return type switch
            {
                "array" => new JsonArray(Value(schema.GetProperty("items"), name, depth + 1)),
                "integer" or "number" => 1,
                "boolean" => true,
                "string" => schema.TryGetProperty("enum", out var values) ? values[0].GetString() : other.Texts.GetValueOrDefault(name) is { Length: > 0 } ? Text(name) : "x",
                _ => new JsonObject((schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToArray() : [])
                    .Select(property => KeyValuePair.Create(property.Name, Value(property.Value, property.Name, depth + 1)))),
            };
        }
    }

    // Trace ids, ids and numbers made by the server, times, one-time codes and keys, and the pause a ping asks for.
    [GeneratedRegex("""
        "(cursor|checkpoint|proof)":"[^"]*"|00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.]*(Z|\+00:00)|"againInSeconds":\d+|[A-Z]{2}-MAIN-\d{6}|[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}|o(s|r|ss)_[A-Za-z0-9_-]{43}
        """)]
    private static partial Regex Changing();
}
