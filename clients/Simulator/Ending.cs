using OrderSync.Device;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator;

/// <summary>How a verb ends: its exit code, and one sentence for what kept it from its end.</summary>
internal static class Ending
{
    /// <summary>It could not begin: what was asked for makes no sense, or nothing is running.</summary>
    public const int CannotStart = 2;

    private const int NotAllThere = 1;
    private const int Interrupted = 130;

    /// <summary>Runs a verb to its end.</summary>
    /// <param name="run">True if all is as it must be.</param>
    /// <param name="stopped">What to say to whoever stopped it.</param>
    /// <param name="stop">Ctrl-C.</param>
    public static async Task<int> OfAsync(Func<Task<bool>> run, string stopped, CancellationToken stop)
    {
        try
        {
            return await run() ? 0 : NotAllThere;
        }
        catch (Exception trouble) when (trouble is CannotReplay or DeviceTrouble)
        {
            await Console.Error.WriteLineAsync(trouble.Message);
            return CannotStart;
        }
        catch (Exception trouble) when (trouble is Refusal or NoAnswer)
        {
            await Console.Error.WriteLineAsync(trouble.Message);
            return NotAllThere;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(stopped);
            return Interrupted;
        }
    }
}
