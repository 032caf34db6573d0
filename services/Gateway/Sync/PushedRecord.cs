using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Sync;

/// <summary>One record of a push: its bytes as sent, and its envelope where that could be read.</summary>
internal sealed class PushedRecord
{
    private static readonly int MostKind = Limits.Rule<RecordEnvelope, StringLengthAttribute>(nameof(RecordEnvelope.Kind)).MaximumLength;
    private static readonly int MostDependsOn = Limits.Most<RecordEnvelope>(nameof(RecordEnvelope.DependsOn));
    private static readonly RangeAttribute Revs = Limits.Rule<RecordEnvelope, RangeAttribute>(nameof(RecordEnvelope.Rev));
    private static readonly RangeAttribute SchemaVersions = Limits.Rule<RecordEnvelope, RangeAttribute>(nameof(RecordEnvelope.Schema));
    private static readonly RangeAttribute Seqs = Limits.Rule<RecordEnvelope, RangeAttribute>(nameof(RecordEnvelope.Seq));
    private static readonly JsonSerializerOptions Shallow = new(ContractJson.Options) { MaxDepth = PushLimits.Depth };
    private static readonly JsonSerializerOptions Judging = new(Shallow) { Converters = { new TimeWithOffset() } };

    private PushedRecord(int index, ReadOnlyMemory<byte> bytes)
    {
        Index = index;
        Bytes = bytes;
        Sha256 = SHA256.HashData(bytes.Span);
    }

    /// <summary>Place in the request, from 0.</summary>
    public int Index { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public byte[] Sha256 { get; }

    /// <summary>What an earlier verdict stated of these very bytes; null where none was shown, or none of ours.</summary>
    public Proof? Proof { get; set; }

    /// <summary>Null when the bytes have no usable id: then there is nothing to store them under.</summary>
    public Guid? Id { get; private set; }

    public int Rev { get; private set; } = 1;

    public string Kind { get; private set; } = "";

    /// <summary>Null when the envelope is not whole; <see cref="Fault"/> says why.</summary>
    public RecordEnvelope? Envelope { get; private set; }

    public Fault? Fault { get; private set; }

    /// <summary>The body as its contract, in the newest schema; null while it was not read or cannot be.</summary>
    public object? Body { get; private set; }

    /// <summary>What must be there first.</summary>
    public IReadOnlyList<Awaited> Awaits { get; private set; } = [];

    public static PushedRecord Read(int index, ReadOnlyMemory<byte> bytes)
    {
        var record = new PushedRecord(index, bytes);
        record.ReadIdentity();
        if (record.Id is not null && record.Fault is null)
            record.ReadEnvelope();
        return record;
    }

    /// <summary>Equal after removing white space, sorting names and comparing numbers as decimals.</summary>
    public static bool SameContent(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.SequenceEqual(other))
            return true;
        try
        {
            return Same(JsonSerializer.Deserialize<JsonElement>(one), JsonSerializer.Deserialize<JsonElement>(other));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether every text in it can be read and written: valid UTF-8 and no half characters, also where no rule looks.</summary>
    public static bool Legible(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;
        if (json.IndexOf("\\u"u8) < 0)
            return true;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = PushLimits.DepthOfRequest });
            while (reader.Read())
                if (reader.ValueIsEscaped)
                    reader.GetString();
            return true;
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The body of a stored record as it goes on: in the newest schema of its kind.</summary>
    public static JsonElement BodyOf(ReadOnlySpan<byte> json)
    {
        var envelope = ReadEnvelope(json, Shallow);
        return Shapes.Upcast(envelope.Kind, envelope.Schema, envelope.Body);
    }

    /// <summary>Notes what was read out of the envelope's body.</summary>
    public void Take(object body, IEnumerable<Awaited> awaits)
    {
        Body = body;
        Awaits = [.. awaits.Where(awaited => awaited.Id != Id)];
    }

    /// <summary>Notes that the body could not be read.</summary>
    public void Spoil(Fault fault) => Fault = fault;

    private static bool Same(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
            return false;
        return one.ValueKind switch
        {
            JsonValueKind.Number => one.TryGetDecimal(out var a) && other.TryGetDecimal(out var b) ? a == b : one.GetRawText() == other.GetRawText(),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
            JsonValueKind.Object => SameObject(one, other),
            _ => JsonElement.DeepEquals(one, other),
        };
    }

    private static bool SameObject(JsonElement one, JsonElement other)
    {
        var a = one.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
        var b = other.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
        return a.Count == b.Count && a.Zip(b).All(pair => pair.First.Name == pair.Second.Name && Same(pair.First.Value, pair.Second.Value));
    }

    private static RecordEnvelope ReadEnvelope(ReadOnlySpan<byte> json, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<RecordEnvelope>(json, options) ?? throw new JsonException("The record is null.");

    private static string? WhyNot(RecordEnvelope envelope) => envelope switch
    {
        { Kind: null or { Length: 0 } } => "kind",
        { CapturedAt.Year: < 1970 or > 2200 } => "capturedAt",
        { Body.ValueKind: not JsonValueKind.Object } => "body",
        _ when envelope.Kind.Length > MostKind => "kind",
        _ when !SchemaVersions.IsValid(envelope.Schema) => "schema",
        _ when !Seqs.IsValid(envelope.Seq) => "seq",
        _ when envelope.DependsOn?.Count > MostDependsOn => "dependsOn",
        _ => null,
    };

    private void ReadIdentity()
    {
        try
        {
            using var json = JsonDocument.Parse(Bytes, new JsonDocumentOptions { MaxDepth = PushLimits.DepthOfRequest });
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var guid) && guid != Guid.Empty)
                Id = guid;
            else
                Fault = new Fault("record.idMissing", "id");
            if (Id is null)
                return;
            if (!Legible(Bytes.Span))
                Fault = new Fault("record.unreadable", null);

            if (root.TryGetProperty("rev", out var rev))
            {
                if (rev.ValueKind == JsonValueKind.Number && rev.TryGetInt32(out var number) && Revs.IsValid(number))
                    Rev = number;
                else
                    Fault = new Fault("record.unreadable", "rev");
            }

            if (root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String)
                Kind = Texts.Fit(kind.GetString()!, MostKind);
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            Fault = new Fault("record.unreadable", null);
        }
    }

    private void ReadEnvelope()
    {
        try
        {
            var envelope = ReadEnvelope(Bytes.Span, Judging);
            Fault = WhyNot(envelope) is { } field ? new Fault("record.unreadable", field) : null;
            if (Fault is null)
                Envelope = envelope with { Rev = Rev };
        }
        catch (Exception trouble) when (trouble is JsonException or FormatException or InvalidOperationException)
        {
            Fault = new Fault("record.unreadable", (trouble as JsonException)?.Path?.TrimStart('$', '.'));
        }
    }
}

/// <summary>Reads times that say their offset: without one it would be a guess when, and on which day, something was captured.</summary>
internal sealed class TimeWithOffset : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        return text is [.., 'Z' or 'z'] or [.., '+' or '-', _, _, ':', _, _] && reader.TryGetDateTimeOffset(out var at) ? at : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
