using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>One type of activity that has rules of its own. Others are kept as they are.</summary>
internal interface IActivityType
{
    /// <summary>Name on the wire.</summary>
    string Name { get; }

    /// <summary>Which step of it this is, as lists show and look for it.</summary>
    string? StepOf(ActivityBody activity) => null;

    /// <summary>Adds what its rules need to know.</summary>
    void Want(PushedRecord record, ActivityBody activity, Wanted wanted)
    {
    }

    /// <summary>Judges what nothing else was wrong with.</summary>
    void Judge(Judged judged, ActivityBody activity, Known known);
}
