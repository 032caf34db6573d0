using System.Collections.Concurrent;
using System.Reflection;
using OrderSync.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("OrderSync.Connectors.Tests.Conformance.SideBySide", "OrderSync.Connectors.Tests")]

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>
/// Runs the groups of conformance cases side by side: the cases that one file declares share a stage, and each group of a connector has a stage
/// of its own. A connector's class stays one line, and its name stays in the name of each case.
/// </summary>
public sealed class SideBySide(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) => new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink messages) : XunitTestFrameworkDiscoverer(assembly, sources, messages)
    {
        private readonly ConcurrentDictionary<(string Class, string Group), ITestClass> groups = new();

        // The short form forgets the name of the group.
        public override string Serialize(ITestCase testCase) => SerializationHelper.Serialize(testCase);

        protected override bool FindTestsForMethod(
            ITestMethod testMethod, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions) =>
            IsForTheFullTier(testMethod) || base.FindTestsForMethod(InItsGroup(testMethod), includeSourceInformation, messageBus, discoveryOptions);

        private static bool IsForTheFullTier(ITestMethod method)
        {
            if (Servers.Full || (method.TestClass.Class as IReflectionTypeInfo)?.Type is not { } connector
                || (method.Method as IReflectionMethodInfo)?.MethodInfo.DeclaringType is not { } group || !group.IsAssignableTo(typeof(ConformanceCase)))
                return false;
            return connector.GetCustomAttribute<EverydayAttribute>() is { } everyday
                ? !everyday.Groups.Contains(group)
                : group.IsDefined(typeof(OfTheFrameworkAttribute), inherit: false) && !connector.IsDefined(typeof(ProvesTheFrameworkAttribute));
        }

        private ITestMethod InItsGroup(ITestMethod method)
        {
            if ((method.Method as IReflectionMethodInfo)?.MethodInfo is not { DeclaringType: { IsAbstract: true } group } || !group.IsAssignableTo(typeof(ConformanceCase)))
                return method;
            var connector = method.TestClass;
            var shares = !Servers.Full && (connector.Class as IReflectionTypeInfo)?.Type.IsDefined(typeof(OneStageAttribute), inherit: false) == true;
            var inGroup = groups.GetOrAdd((connector.Class.Name, shares ? "" : group.Name), key => new TestClass(
                new TestCollection(connector.TestCollection.TestAssembly, null, $"{key.Class} {key.Group}"), connector.Class));
            return new TestMethod(inGroup, method.Method);
        }
    }
}
