<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/new: step 1 of adding a customer, its profile. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'customer-new']" mode="content">
	<div class="head"><h1>Add customer</h1><span class="tier">Step 1 of 2: profile</span></div>
	<section class="card pad small">
		<xsl:for-each select="t:form"><xsl:call-template name="form"><xsl:with-param name="cancel">customers</xsl:with-param></xsl:call-template></xsl:for-each>
	</section>
	<xsl:for-each select="t:search"><xsl:call-template name="form-search"><xsl:with-param name="form">customer-new</xsl:with-param></xsl:call-template></xsl:for-each>
</xsl:template>
</xsl:stylesheet>
