<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/sources/SID: edit a billing source. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'source']" mode="content">
	<p class="crumb"><a href="{$base}customers/{t:customer/@id}/sources"><bdi><xsl:value-of select="t:customer/@name"/></bdi> - Source data</a></p>
	<div class="head"><h1>Account <span class="mono"><xsl:value-of select="t:source/@account"/></span></h1><xsl:for-each select="t:source"><span class="dot {@state}"><xsl:call-template name="state-word"/></span></xsl:for-each></div>
	<section class="card pad small">
		<h2>Edit</h2>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form"><xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/sources')"/></xsl:call-template>
		</xsl:for-each>
	</section>
</xsl:template>
</xsl:stylesheet>
