using System.Text;

namespace OrderSync.Device;

/// <summary>
/// Enrolment and access tokens. A new pair is on disk before its access token is used: whatever answer is lost, the device holds one that is still good.
/// </summary>
internal sealed class Tokens(GatewayCalls gateway, Credentials credentials)
{
    /// <summary>What a device without credentials, or without a gateway, is told.</summary>
    public static Answer<string> NotEnrolled { get; } =
        new Answer<string>.Refused(401, "device.notEnrolled", "This device is not enrolled. Ask the office for a code; what is captured until then is sent after it.");

    private sealed record EnrolRequest(string Code, string HardwareId, string PublicKey, string? Name);

    private sealed record Enrolled(Guid DeviceId, Guid CompanyId, string AccessToken, string RefreshToken, BundleKey? BundleKey);

    private sealed record RefreshRequest(Guid DeviceId, string RefreshToken, string Signature);

    private sealed record Renewed(string AccessToken, string RefreshToken, BundleKey? BundleKey);

    /// <summary>Exchanges a one-time code. The key exists before, so that the same code may be exchanged again after a lost answer.</summary>
    public async Task EnrolAsync(Uri at, string code, string? name, CancellationToken stop)
    {
        var ask = new EnrolRequest(code, credentials.HardwareId, credentials.PublicKey, name);
        switch (await gateway.PostAsync<Enrolled>(at, "v1/devices/enrol", ask, stop).ConfigureAwait(false))
        {
            case Answer<Enrolled>.Given { Value: { AccessToken.Length: > 0, RefreshToken.Length: > 0 } enrolled }:
                credentials.Enrolled(at, enrolled.CompanyId, enrolled.DeviceId, enrolled.AccessToken, enrolled.RefreshToken, enrolled.BundleKey);
                return;
            case Answer<Enrolled>.Refused refused:
                throw new DeviceTrouble(refused.Code, refused.Message);
            case Answer<Enrolled>.None none:
                throw new DeviceTrouble("line.noAnswer", none.Why + " Enrol again with the same code once there is a connection.");
            default:
                throw new DeviceTrouble("line.noAnswer", "The answer to the enrolment has no credentials. Enrol again with the same code.");
        }
    }

    /// <summary>Makes a call with the access token kept, and where that is good no longer, again with a new one.</summary>
    public async Task<Answer<T>> UseAsync<T>(Func<string, CancellationToken, Task<Answer<T>>> call, CancellationToken stop)
    {
        var token = await AccessAsync(stop).ConfigureAwait(false);
        for (var renewed = false; ; renewed = true)
        {
            if (token is not Answer<string>.Given { Value: var access })
                return token.As<T>();
            var answer = await call(access, stop).ConfigureAwait(false);
            if (renewed || answer is not Answer<T>.Refused { Status: 401, Code: not "device.revoked" })
                return answer;
            token = await RenewAsync(stop).ConfigureAwait(false);
        }
    }

    private async Task<Answer<string>> AccessAsync(CancellationToken stop) =>
        credentials.Identity is { AccessToken: { } token } ? new Answer<string>.Given(token, null) : await RenewAsync(stop).ConfigureAwait(false);

    /// <summary>Exchanges the refresh token for a new pair.</summary>
    public async Task<Answer<string>> RenewAsync(CancellationToken stop)
    {
        if (credentials.Identity is not { } self)
            return NotEnrolled;
        var ask = new RefreshRequest(self.DeviceId, self.RefreshToken, credentials.Sign(Encoding.UTF8.GetBytes($"{self.DeviceId:D}.{self.RefreshToken}")));
        var answer = await gateway.PostAsync<Renewed>("v1/devices/token", ask, stop).ConfigureAwait(false);
        if (answer is not Answer<Renewed>.Given { Value: var pair })
            return answer.As<string>();
        if (pair is not { AccessToken.Length: > 0, RefreshToken.Length: > 0 })
            return new Answer<string>.None("The answer to the refresh has no tokens.", Reached: true);

        credentials.Renewed(pair.AccessToken, pair.RefreshToken, pair.BundleKey);
        return new Answer<string>.Given(pair.AccessToken, null);
    }
}
