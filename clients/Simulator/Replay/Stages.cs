namespace OrderSync.Simulator.Replay;

/// <summary>How far the replay is: written by the work, read by the screen.</summary>
internal sealed class Stages(int customers, int orders)
{
    private int _customersStored;
    private int _ordersStored;
    private int _inErp;
    private int _mailed;
    private int _attention;

    public int Customers { get; } = customers;

    public int Orders { get; } = orders;

    public int CustomersStored => Volatile.Read(ref _customersStored);

    public int OrdersStored => Volatile.Read(ref _ordersStored);

    public int InErp => Volatile.Read(ref _inErp);

    public int Mailed => Volatile.Read(ref _mailed);

    public int Attention => Volatile.Read(ref _attention);

    /// <summary>What holds things up just now, for the screen to say once.</summary>
    public event Action<string>? Told;

    public void CustomerStored() => Interlocked.Increment(ref _customersStored);

    public void OrderStored() => Interlocked.Increment(ref _ordersStored);

    public void Reached(int inErp, int mailed, int attention)
    {
        Volatile.Write(ref _inErp, inErp);
        Volatile.Write(ref _mailed, mailed);
        Volatile.Write(ref _attention, attention);
    }

    public void Tell(string sentence) => Told?.Invoke(sentence);

    public override string ToString() =>
        FormattableString.Invariant($"stored {OrdersStored}/{Orders} · in ERP {InErp} · mailed {Mailed} · attention {Attention}");
}
