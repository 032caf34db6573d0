OrderSync.Framework.ConnectorHost.Run<OrderSync.Tryton.TrytonConnector>(args);
