using System.Text;
using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>A call that was let in.</summary>
internal sealed record QuickBooksCall(ErpRequest Request, QuickBooksCompany Company, DateTimeOffset Now)
{
    public QuickBooksSettings Settings => Company.Settings;
}

/// <summary>Decides whether a call is let in, in the order token, company, limits, version; a repeated requestid gets the first answer. rules.md, "Access", "requestid".</summary>
internal sealed class QuickBooksGate(QuickBooksCompanies companies, QuickBooksTokens tokens, IOptions<SandboxOptions> options, TimeProvider clock)
{
    private const string Version = "75";
    private const int RequestIdLength = 50;
    private const string Bearer = "Bearer ";

    /// <summary>Carries out one call of the API.</summary>
    public async Task<ErpAnswer> RunAsync(ErpRequest request, Func<QuickBooksCall, ErpAnswer> handle, Func<Task> work)
    {
        var now = clock.GetUtcNow();
        QuickBooksCompany company;
        try
        {
            company = Admit(request, now);
        }
        catch (QuickBooksRefusal refusal)
        {
            return QuickBooksAnswer.AtTheGate(refusal);
        }

        if (options.Value.Profile == LimitProfile.Documented && !company.Budget.Takes(company.Settings, now))
            return QuickBooksAnswer.Throttled();
        await work();
        lock (company.Gate)
            return Carry(request, company, handle, clock.GetUtcNow());
    }

    /// <summary>Carries a call out, or answers as before.</summary>
    public static ErpAnswer Carry(ErpRequest request, QuickBooksCompany company, Func<QuickBooksCall, ErpAnswer> handle, DateTimeOffset now)
    {
        var requestId = request.Method == "POST" ? request.Query["requestid"].ToString() : "";
        try
        {
            if (requestId.Length > RequestIdLength)
                throw QuickBooksRefusal.TooLong("requestid", RequestIdLength);
            if (requestId.Length > 0 && company.AnsweredTo(requestId) is { } before && (before.RefusedCode is null || company.Settings.RequestIdsAfterRefusal != "free"))
                return before.RefusedCode is not null && company.Settings.RequestIdsAfterRefusal == "refuse"
                    ? throw new QuickBooksRefusal(400, "600", "Duplicate Request ID", $"Duplicate Request ID : {requestId}")
                    : new ErpAnswer(before.Status, Encoding.UTF8.GetBytes(before.Body));
            if (request.Query["minorversion"] != Version)
                throw QuickBooksRefusal.Unsupported($"without minorversion={Version}");
            if (company.Settings.SubscriptionEnded)
                throw new QuickBooksRefusal(400, "6190", "Invalid Company Status", "Subscription period has ended or canceled or there was a billing problem.");
            var answer = handle(new QuickBooksCall(request, company, now));
            if (requestId.Length > 0)
                company.Remember(new(requestId, answer.Status, Encoding.UTF8.GetString(answer.Body.Span), null));
            return answer;
        }
        catch (QuickBooksRefusal refusal)
        {
            var answer = QuickBooksAnswer.Refused(refusal, now);
            if (requestId.Length is > 0 and <= RequestIdLength && refusal.Code != "600")
                company.Remember(new(requestId, answer.Status, Encoding.UTF8.GetString(answer.Body.Span), refusal.Code));
            return answer;
        }
    }

    private QuickBooksCompany Admit(ErpRequest request, DateTimeOffset now)
    {
        var header = request.Authorization ?? "";
        var live = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Find(header[Bearer.Length..], now) : null;
        if (live is null)
            throw new QuickBooksRefusal(401, "3200", "message=AuthenticationFailed; errorCode=003200; statusCode=401", "Token expired or malformed");
        return live.Realm == request.Route["realm"] && companies.Find(live.Realm) is { } company
            ? company
            : throw new QuickBooksRefusal(403, "3100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", "The application is not authorized for this company");
    }
}
