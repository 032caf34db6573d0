using Microsoft.Extensions.Options;
using OrderSync.Gateway.Relay;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>Who listens in this process, by company.</summary>
internal sealed class Audiences(IOptions<NudgeSettings> settings)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Audience> companies = [];
    private int count;

    /// <summary>Wakes whoever looks what is new.</summary>
    public Signal Wanted { get; } = new();

    public int Count => Volatile.Read(ref count);

    /// <summary>False when no more can listen here. A device listens once: its line before this one is most likely dead.</summary>
    public bool TryAdd(Listener listener)
    {
        var company = listener.Device.CompanyId;
        lock (gate)
        {
            if (!companies.TryGetValue(company, out var audience))
                audience = new Audience(company);
            if (audience.Listeners.Remove(listener.Device.DeviceId, out var before))
            {
                before.End("replaced");
                count--;
            }
            else if (count >= settings.Value.Listeners)
            {
                return false;
            }

            companies[company] = audience;
            audience.Listeners.Add(listener.Device.DeviceId, listener);
            audience.IsWanted = true;
            count++;
        }

        Wanted.Wake();
        return true;
    }

    public void Remove(Listener listener)
    {
        lock (gate)
        {
            if (!companies.TryGetValue(listener.Device.CompanyId, out var audience) || !audience.Listeners.TryGetValue(listener.Device.DeviceId, out var there) || there != listener)
                return;
            audience.Listeners.Remove(listener.Device.DeviceId);
            count--;
            if (audience.Listeners.Count == 0)
                companies.Remove(audience.Company);
        }
    }

    /// <summary>Something may be new there.</summary>
    public void Want(Guid company)
    {
        lock (gate)
        {
            if (!companies.TryGetValue(company, out var audience))
                return;
            audience.IsWanted = true;
        }

        Wanted.Wake();
    }

    /// <summary>Something may be new anywhere.</summary>
    public void WantAll()
    {
        lock (gate)
        {
            foreach (var audience in companies.Values)
                audience.IsWanted = true;
        }

        Wanted.Wake();
    }

    /// <summary>Those that are to be looked after now, each given out once; and when the next one is due.</summary>
    public (List<Audience> Due, DateTimeOffset? Next) TakeDue(DateTimeOffset now)
    {
        lock (gate)
        {
            var due = companies.Values.Where(audience => audience.IsWanted && audience.NotBefore <= now).ToList();
            foreach (var audience in due)
                audience.IsWanted = false;
            var later = companies.Values.Where(audience => audience.IsWanted).Select(audience => (DateTimeOffset?)audience.NotBefore).Min();
            return (due, later);
        }
    }

    public List<Audience> All()
    {
        lock (gate)
            return [.. companies.Values];
    }

    public List<Listener> Of(Audience audience)
    {
        lock (gate)
            return [.. audience.Listeners.Values];
    }

    /// <summary>The process stops: everybody is asked to come again.</summary>
    public void EndAll()
    {
        foreach (var listener in All().SelectMany(Of))
            listener.End("restart");
    }
}

/// <summary>The devices of one company that listen, and what is known of its feed.</summary>
internal sealed class Audience(Guid company)
{
    public Guid Company => company;

    /// <summary>By device; changed and listed under the lock of all audiences only.</summary>
    public Dictionary<Guid, Listener> Listeners { get; } = [];

    public bool IsWanted { get; set; }

    /// <summary>Not looked at again before.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>When all listeners were last asked about; the rest of the time only new ones are.</summary>
    public DateTimeOffset StandingAt { get; set; }

    /// <summary>Up to where the feed was told of; null until it was looked at.</summary>
    public (Guid Epoch, long Position)? Told { get; set; }
}
