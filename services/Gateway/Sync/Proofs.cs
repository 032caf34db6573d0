using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrderSync.Gateway.Feed;

namespace OrderSync.Gateway.Sync;

/// <summary>What a verdict stated, as its device shows it again.</summary>
/// <param name="Epoch">The epoch it was given under.</param>
/// <param name="State">accepted, held, waiting or stopped.</param>
/// <param name="Number">The record's number.</param>
/// <param name="At">When.</param>
internal sealed record Proof(Guid Epoch, string State, string? Number, DateTimeOffset At);

/// <summary>
/// Signed verdicts: a device keeps them and shows them when it offers a record again to a server that has lost it. Company, record, revision and content
/// are signed and not repeated in the text: they stand beside it.
/// </summary>
internal sealed class Proofs(SigningKeys keys)
{
    private const byte Version = 1;
    private const int Epoch = 1, At = 17, State = 25, Number = 26;
    private const int MostNumber = 100;
    private const int About = 16 + 16 + 4 + SHA256.HashSizeInBytes;
    private static readonly string[] States = ["accepted", "held", "waiting", "stopped"];
    private readonly byte[][] keys = keys.For("proof");

    /// <summary>The text for a verdict; null for one that acknowledges nothing.</summary>
    public string? Of(Guid company, PushedRecord record, Verdict verdict, Guid epoch, DateTimeOffset at) =>
        record.Id is { } id ? Of(company, id, record.Rev, record.Sha256, StateOf(verdict), verdict.Number, epoch, at) : null;

    /// <summary>The text for how a record stands; null for a state that acknowledges nothing.</summary>
    public string? Of(Guid company, Guid id, int rev, ReadOnlySpan<byte> sha256, string? stands, string? number, Guid epoch, DateTimeOffset at)
    {
        var state = Array.IndexOf(States, stands);
        if (state < 0 || number?.Length > MostNumber)
            return null;
        Span<byte> whole = stackalloc byte[About + Number + MostNumber * 3 + SigningKeys.Size];
        WriteAbout(whole, company, id, rev, sha256);
        var text = whole[About..];
        text[0] = Version;
        epoch.TryWriteBytes(text[Epoch..]);
        BinaryPrimitives.WriteInt64BigEndian(text[At..], at.ToUnixTimeMilliseconds());
        text[State] = (byte)state;
        var length = Number + Encoding.UTF8.GetBytes(number ?? "", text[Number..]);
        SigningKeys.Sign(keys, whole[..(About + length)], text[length..]);
        return Base64Url.EncodeToString(text[..(length + SigningKeys.Size)]);
    }

    /// <summary>What was stated; null where this gateway has not stated it of this record of this company.</summary>
    public Proof? Read(Guid company, PushedRecord record, ReadOnlySpan<char> text)
    {
        Span<byte> whole = stackalloc byte[About + Number + MostNumber * 3 + SigningKeys.Size];
        var read = whole[About..];
        if (record.Id is not { } id || Base64Url.DecodeFromChars(text, read, out _, out var bytes) != OperationStatus.Done
            || bytes < Number + SigningKeys.Size || read[0] != Version || read[State] >= States.Length)
            return null;
        var length = bytes - SigningKeys.Size;
        WriteAbout(whole, company, id, record.Rev, record.Sha256);
        if (!SigningKeys.Signed(keys, whole[..(About + length)], read[length..bytes]))
            return null;
        return new Proof(
            new Guid(read[Epoch..At]), States[read[State]], length == Number ? null : Encoding.UTF8.GetString(read[Number..length]),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(read[At..])));
    }

    private static string? StateOf(Verdict verdict) => verdict.Outcome switch
    {
        "accepted" => verdict.State ?? "accepted",
        "duplicate" => verdict.State,
        "waiting" => "waiting",
        _ => null,
    };

    private static void WriteAbout(Span<byte> whole, Guid company, Guid id, int rev, ReadOnlySpan<byte> sha256)
    {
        company.TryWriteBytes(whole);
        id.TryWriteBytes(whole[16..]);
        BinaryPrimitives.WriteInt32BigEndian(whole[32..], rev);
        sha256.CopyTo(whole[36..]);
    }
}
