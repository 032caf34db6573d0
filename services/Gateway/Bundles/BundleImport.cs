using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Sync;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Bundles;

/// <summary>What became of one part of a file.</summary>
/// <param name="Place">In the file, from 1.</param>
/// <param name="State">taken, held (something waits for the office), refused, or later (the server's trouble: bring it again).</param>
/// <param name="Bundle">Its bundle; absent where it was not believed.</param>
/// <param name="Part">Its number there.</param>
/// <param name="Records">How many records it has.</param>
/// <param name="Held">How many of them wait for the office.</param>
/// <param name="Code">Why it was not taken.</param>
/// <param name="Message">The same in words.</param>
internal sealed record BundlePartAnswer(int Place, string State, Guid? Bundle = null, int? Part = null, int Records = 0, int Held = 0, string? Code = null, string? Message = null);

/// <summary>What became of a file, part by part.</summary>
internal sealed record BundleImportAnswer(IReadOnlyList<BundlePartAnswer> Parts);

/// <summary>
/// <c>POST /v1/office/bundles</c>: takes a file of parts as it comes, any number of times. Each part is checked, opened and pushed by itself, so that what was through when a line or a
/// server broke stays, and the file is simply brought again.
/// </summary>
internal sealed class BundleImport(BundleStore store, BundlePush push, BundleKeys keys, WaitingRoom room, NpgsqlDataSource database)
{
    public async Task<IResult> HandleAsync(OfficeIdentity office, HttpContext http, int? place, CancellationToken stop)
    {
        var file = new BundleFile(http.Request.Body, Math.Clamp(place ?? 1, 1, BundleHeader.MostParts) - 1);
        var language = Sentences.LanguageOf(http.Request);
        var parts = new List<BundlePartAnswer>();
        while (parts is not [.., { State: "later" }] && await file.NextAsync(stop) is { } header)
        {
            using var luggage = room.Check(office.CompanyId, CostOf(header));
            if (luggage is null)
                parts.Add(No(file.Place, "later", "server.full", language));
            else if (await file.RestAsync(header, stop) is { } part)
                parts.Add(await ImportAsync(office, part, file.Place, language));
        }

        if (file.IsDamaged)
            parts.Add(No(file.Place, "refused", "bundle.unreadable", language));
        await store.NoteAsync(office, parts, CancellationToken.None);
        return parts switch
        {
            [] => Problems.Bad("bundle.empty", Sentences.Of("bundle.empty", language, null)),
            _ when parts.Any(part => part.Bundle is not null) => Results.Ok(new BundleImportAnswer(parts)),
            [{ State: "later" } busy, ..] => Problems.Busy(busy.Code!, busy.Message!, 10),
            [var first, ..] => Problems.Bad(first.Code!, first.Message!),
        };
    }

    // Once a part has come it is finished, whether whoever brought it is still there or not.
    private async Task<BundlePartAnswer> ImportAsync(OfficeIdentity office, BundlePart part, int place, string language)
    {
        var header = part.Header;
        if (header.Company != office.CompanyId)
            return No(place, "refused", "bundle.otherCompany", language);
        if (await BundleDevice.FindAsync(database, office.CompanyId, header.Device, CancellationToken.None) is not { } device)
            return No(place, "refused", "bundle.deviceUnknown", language);
        if (!part.IsSignedBy(device.PublicKey))
            return No(place, "refused", "bundle.signature", language, device.Name);
        using var pair = await keys.FindAsync(office.CompanyId, header.Key, CancellationToken.None);
        if (pair is null)
            return No(place, "refused", "bundle.keyUnknown", language, device.Name);
        if (part.Open(pair) is not { } pieces)
            return No(place, "refused", "bundle.content", language, device.Name);
        if (!await store.BeginAsync(office, part, keep: device.IsRevoked, CancellationToken.None))
            return No(place, "refused", "bundle.partDiffers", language, device.Name);

        return await push.PushAsync(device, header, pieces, language) is { } held
            ? new(place, held > 0 ? "held" : "taken", header.Bundle, header.Part, header.Records, held)
            : No(place, "later", "server.busy", language) with { Bundle = header.Bundle, Part = header.Part };
    }

    private static BundlePartAnswer No(int place, string state, string code, string language, string? device = null) =>
        new(place, state, Code: code, Message: Sentences.Of(code, language, new Dictionary<string, string> { ["part"] = place.ToString(System.Globalization.CultureInfo.InvariantCulture), ["device"] = device ?? "" }));

    // The bytes as they come and decrypted, and what text usually unpacks to.
    private static int CostOf(BundleHeader header) => header.Length * 2 + Math.Min(PushLimits.BytesUnpacked, header.Length * 16);
}
