using System.Net;
using System.Text;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Signs in by user and password; the session that this gives is what the framework keeps as an access token.</summary>
internal sealed class TrytonSignIn(TrytonClient tryton)
{
    /// <summary>A new session.</summary>
    public async Task<Tokens> SignInAsync(Connection connection, CancellationToken stop)
    {
        var settings = connection.Settings<TrytonSettings>();
        var password = connection.Secret(nameof(TrytonSettings.Password));
        // A session whose answer was lost harms nobody: one signs in again.
        var reply = await tryton.SendAsync(settings, null, "common.db.login", [settings.User, new Dictionary<string, string> { ["password"] = password }, "en"], writes: false, stop);
        if (reply.Status == HttpStatusCode.Unauthorized)
            throw new OutcomeException(new Outcome.Reconnect($"Tryton does not let {settings.User} in: the password is not the right one, or the user is not active. Correct them in Connections > Tryton."));
        var answer = TrytonClient.Read<JsonElement[]>(reply, "sign-in", writes: false);
        if (answer.Error is { ValueKind: not JsonValueKind.Null } error)
            throw new OutcomeException(TrytonErrors.OfError(error, "sign-in", writes: false) is Outcome.Refused
                ? new Outcome.Later("Tryton could not let us in just now.")
                : TrytonErrors.OfError(error, "sign-in", writes: false));
        if (answer.Result is not [var user, var session])
            throw new OutcomeException(new Outcome.Reconnect($"Tryton does not let {settings.User} in."));
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.User}:{user.GetInt32()}:{session.GetString()}"));
        return new Tokens(token, null, TimeSpan.FromMinutes(settings.SessionMinutes), null);
    }
}
