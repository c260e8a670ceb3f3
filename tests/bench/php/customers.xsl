<?xml version="1.0" encoding="UTF-8"?>
<!-- What the Customers page needs of the application's stylesheets, and no more: PHP compiles it for each request. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:include href="../../../xslt/page.xsl"/>
<xsl:include href="../../../xslt/lib/cells.xsl"/>
<xsl:include href="../../../xslt/lib/view.xsl"/>
<xsl:include href="../../../xslt/pages/customers.xsl"/>
</xsl:stylesheet>
