using System.CommandLine;
using OrderSync.Simulator;
using OrderSync.Simulator.Demo;
using OrderSync.Simulator.Replay;

var command = new RootCommand("Simulated devices for OrderSync.") { ReplayCommand.Create(), DemoCommand.Create() }.Parse(args);
var code = await command.InvokeAsync();
return command.Errors.Count > 0 ? Ending.CannotStart : code;
