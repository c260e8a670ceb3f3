<?xml version="1.0" encoding="UTF-8"?>
<!-- GET, POST /forgot: asking for a link. One answer for every address. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'forgot']" mode="content">
	<section class="card narrow form">
		<h1><xsl:value-of select="@title"/></h1>
		<xsl:choose>
			<xsl:when test="t:forgot/@sent"><p class="notice info" role="status">If this address belongs to an active user, a link is on its way. It works for one hour.</p></xsl:when>
			<xsl:otherwise><p>We send a link to your address by which you set a new password.</p></xsl:otherwise>
		</xsl:choose>
		<xsl:for-each select="t:form"><xsl:call-template name="form"/></xsl:for-each>
		<p><a href="{$base}login">Back to log in</a></p>
	</section>
</xsl:template>
</xsl:stylesheet>
