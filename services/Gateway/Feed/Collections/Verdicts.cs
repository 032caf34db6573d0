using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>How each record stands: what a push answered, and what has become of it since.</summary>
internal sealed class Verdicts(Proofs proofs) : OfRecords
{
    public override string Name => "verdicts";

    protected override string Columns => """
        t.rev, case t.state when 'waiting' then 'waiting' when 'refused' then 'refused' else 'accepted' end as outcome, t.state, t.code, t.field,
        (select n.number from record_number n where n.company_id = t.company_id and n.record_id = t.record_id) as number, encode(t.sha256, 'hex') as sha256, t.params, t.received_at as at
        """;

    // The row has code and parameters; the sentence is made for who reads it.
    public override ReadOnlyMemory<byte> Text(string key, byte[] body, Reading reading)
    {
        var verdict = JsonNode.Parse(body)!.AsObject();
        var parameters = verdict["params"]?.Deserialize<Dictionary<string, JsonElement>>()?.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        verdict.Remove("params");
        if ((string?)verdict["code"] is { } code)
            verdict["message"] = Sentences.Of(code, reading.Language, parameters);
        var at = (DateTimeOffset)verdict["at"]!;
        verdict.Remove("at");
        if (proofs.Of(reading.Device.CompanyId, Guid.Parse(key), (int)verdict["rev"]!, Convert.FromHexString((string)verdict["sha256"]!), (string?)verdict["state"], (string?)verdict["number"], reading.Standing.Epoch, at) is { } proof)
            verdict["proof"] = proof;
        return JsonSerializer.SerializeToUtf8Bytes(verdict, ContractJson.Options);
    }
}
