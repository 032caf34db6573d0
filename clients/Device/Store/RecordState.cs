namespace OrderSync.Device;

/// <summary>How far a revision of a record is, as this device knows it.</summary>
public enum RecordState
{
    /// <summary>Captured; the gateway has not answered for it yet.</summary>
    Queued,

    /// <summary>The gateway has it and it goes on.</summary>
    Accepted,

    /// <summary>The gateway has it; it goes on by itself once what it needs is there.</summary>
    Waiting,

    /// <summary>The gateway refused it: needs a person.</summary>
    Refused,

    /// <summary>The gateway has other content under the same id and revision: needs a person.</summary>
    Conflict,

    /// <summary>A person gave it up.</summary>
    Stopped,

    /// <summary>A later revision stands in its place.</summary>
    Replaced,
}
