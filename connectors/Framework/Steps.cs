namespace OrderSync.Framework;

/// <summary>
/// The steps of one document's push. A write happens inside <see cref="OnceAsync{T}"/>: its intent is committed before the call, its result
/// after it. A crash between the two leaves an open intent, which is looked up before anything is written again.
/// </summary>
public abstract class Steps
{
    /// <summary>The connection, with settings.</summary>
    public abstract Connection Connection { get; }

    /// <summary>
    /// Runs a write at most once for this document and revision. The caller has looked before: reaching this call means that our document was not
    /// found. Done before: returns the result noted then, without a call. An open intent of an earlier try: waits (by an outcome) until
    /// the ambiguity window is over and two looks 30 s apart found nothing, then writes again.
    /// </summary>
    /// <param name="name">Name of the step, such as "create"; unique in the document.</param>
    /// <param name="write">The write. An <see cref="OutcomeException"/> that is refused, later or reconnect closes the intent; any other failure leaves it open and is ambiguous.</param>
    /// <exception cref="OutcomeException">The step ends this try; the worker notes the outcome.</exception>
    public abstract Task<T> OnceAsync<T>(string name, Func<Task<T>> write);

    /// <summary>
    /// The key under which the write of this name is sent, for a destination that answers a repeat with its first answer: 40 letters and digits, made of
    /// company, document, step, revision and the number of definite refusals. An ambiguous answer never changes it, nor does a revision that comes
    /// while a write is unsure. Only inside the write of <see cref="OnceAsync{T}"/>.
    /// </summary>
    /// <param name="name">Name of the step.</param>
    public virtual string KeyOf(string name) => throw new NotSupportedException("Nothing is written here.");

    /// <summary>Notes that a look found our document, so that the open intent of <paramref name="name"/> is settled without writing again.</summary>
    public abstract Task FoundAsync<T>(string name, T found);

    /// <summary>
    /// Notes that a look found nothing, where nothing is to be written either: waits (by an outcome) as long as an open intent of
    /// <paramref name="name"/> may still take effect.
    /// </summary>
    /// <exception cref="OutcomeException">It may still come; the worker looks again later.</exception>
    public virtual Task NotThereAsync(string name) => Task.CompletedTask;

    /// <summary>Whether a write of this name took effect, or may have, in whatever revision.</summary>
    /// <param name="name">Name of the step.</param>
    public virtual bool MayHaveWritten(string name) => false;

    /// <summary>Notes how the destination shows our document, whatever comes of this try: kept with its time for people to compare. The last one counts.</summary>
    public virtual void Saw(ErpDocument document)
    {
    }

    /// <summary>The destination's id of another record's document in the same account, such as the customer's; null when it is not there.</summary>
    public abstract Task<string?> ExternalIdAsync(Guid recordId);

    /// <summary>An access token that is good for at least a minute; refreshed by one worker at a time.</summary>
    /// <param name="rejected">A token the destination has just refused: get another one.</param>
    /// <exception cref="OutcomeException">The connection must be connected again, or the token endpoint is away.</exception>
    public abstract Task<Tokens> TokensAsync(string? rejected = null);
}
