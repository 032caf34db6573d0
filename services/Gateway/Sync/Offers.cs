using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Records that are offered again with the proof that they were acknowledged: <c>{"proof":"…","record":{…}}</c> in the place of the record, the record's
/// bytes as ever. What a proof states is honoured where the record is stored anew; one that was not given here is left out of account, and the office is told.
/// </summary>
internal sealed class Offers(Proofs proofs, NpgsqlDataSource database)
{
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = PushLimits.DepthOfRequest };

    /// <summary>The records of a push, and how many of them came with a proof that is not ours.</summary>
    public (List<PushedRecord> Records, int Forged) Read(Guid company, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var (records, forged) = (new List<PushedRecord>(pieces.Count), 0);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (bytes, proof) = Open(pieces[i]);
            var record = PushedRecord.Read(i, bytes);
            if (proof is not null && (record.Proof = proofs.Read(company, record, proof)) is null)
                forged++;
            records.Add(record);
        }

        return (records, forged);
    }

    /// <summary>Tells the office of proofs that are not ours.</summary>
    public async Task TellAsync(Push push, int forged, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, push.Device.CompanyId);
        var device = push.Device.DeviceId;
        Alerts.Raise(batch, push.Device.CompanyId, new("proof.notOurs", device.ToString(), device, new Dictionary<string, string>
        {
            ["device"] = device.ToString(),
            ["count"] = forged.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }), push.ReceivedAt);
        await batch.ExecuteNonQueryAsync(stop);
    }

    // Proof first: so it is told from a record by its first bytes, and a record of any shape stays what it is.
    private static (ReadOnlyMemory<byte> Record, string? Proof) Open(ReadOnlyMemory<byte> piece)
    {
        if (piece.Span is not [(byte)'{', .. var rest] || !rest.TrimStart(" \t\r\n"u8).StartsWith("\"proof\""u8))
            return (piece, null);
        try
        {
            var reader = new Utf8JsonReader(piece.Span, Reading);
            var (proof, record) = ((string?)null, (ReadOnlyMemory<byte>?)null);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isProof, isRecord) = (reader.ValueTextEquals("proof"u8), reader.ValueTextEquals("record"u8));
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (isProof)
                    proof = reader.GetString() ?? "";
                reader.Skip();
                if (isRecord)
                    record = piece[start..(int)reader.BytesConsumed];
            }

            return record is { } found ? (found, proof) : (piece, null);
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            return (piece, null);
        }
    }
}
