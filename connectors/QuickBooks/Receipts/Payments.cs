using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>
/// Writes payments, each once: looked for by its reference, ours by the record id in its note alone, created under a key of ours. A reference is not unique
/// in QuickBooks: whoever else used it, a second payment under it would be a double to people's eyes.
/// </summary>
internal sealed class Payments(PaymentCalls quickBooks)
{
    /// <summary>The payment as QuickBooks holds it.</summary>
    /// <param name="step">Name of the step.</param>
    /// <param name="what">In sentences.</param>
    /// <param name="recordId">Whose it is.</param>
    /// <param name="reference">What it is found by.</param>
    /// <param name="make">The payment to create, where it is not there yet.</param>
    /// <param name="steps">The document's.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="OutcomeException">It cannot be written.</exception>
    public async Task<Payment> WriteAsync(string step, string what, Guid recordId, string reference, Func<Task<NewPayment>> make, Steps steps, CancellationToken stop)
    {
        var (theirs, strangers) = await LookAsync();
        if (theirs is not null)
        {
            await steps.FoundAsync(step, theirs);
            return theirs;
        }

        if (strangers)
            throw new OutcomeException(new Outcome.Refused(
                "erp.numberTaken", $"QuickBooks already has another payment with the reference {reference}.", "Change the reference of that payment in QuickBooks, then Retry."));
        var payment = await make();
        return await steps.OnceAsync(step, async () =>
            await quickBooks.CreateAsync(steps, steps.KeyOf(step), payment, stop)
            // It knows the key and does not say what it answered then.
            ?? (await LookAsync()).Ours
            ?? throw new OutcomeException(new Outcome.Refused("erp.keyTaken", $"QuickBooks says that it was sent {what} before, and does not show it.", "Look for it in QuickBooks; if it is not there, Retry.")));

        async Task<(Payment? Ours, bool Strangers)> LookAsync()
        {
            var same = await quickBooks.FindAsync(steps, reference, stop);
            var ours = same.FirstOrDefault(payment => OurMark.Carries(payment.PrivateNote, recordId));
            return (ours, ours is null && same.Count > 0);
        }
    }
}
