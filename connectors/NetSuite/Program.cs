OrderSync.Framework.ConnectorHost.Run<OrderSync.NetSuite.NetSuiteConnector>(args);
