namespace OrderSync.Device;

/// <summary>Tells the gateway which setup switches were set, each change until it has answered.</summary>
internal sealed class SwitchesCall(GatewayCalls gateway, Tokens tokens, Switches switches)
{
    private sealed record Heard(IReadOnlyList<object>? Switches);

    /// <summary>Null: the gateway knows all. Else what it said, or that it said nothing.</summary>
    public async Task<Answer<bool>?> TellAsync(CancellationToken stop)
    {
        while (switches.Untold is { } untold)
        {
            var answer = await tokens.UseAsync((token, again) => gateway.PutAsync<Heard>(token, "v1/devices/self/switches", untold, again), stop).ConfigureAwait(false);
            if (answer is not Answer<Heard>.Given { Value: var heard })
                return answer.As<bool>();
            // A log-in page of something in between may answer 200 as well.
            if (heard.Switches is null)
                return new Answer<bool>.None("The gateway's answer about the switches is not complete.", Reached: true);
            switches.Told(untold);
        }

        return null;
    }
}
